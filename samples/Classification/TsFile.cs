using System.Globalization;
using Lstm;
using Samples.Common;

namespace Classification;

/// <summary>
/// Reads the format of the UEA and UCR archives of time series for classification (Bagnall et al. 2018; the format is that
/// of sktime): lines that start with <c>#</c> are comments, those with <c>@</c> the header, and after <c>@data</c> each
/// line is a case, <c>dimension:dimension:…:label</c>. A dimension is the numbers of all steps with commas between them,
/// <c>?</c> where one is missing.
/// </summary>
public sealed class TsFile
{
    private readonly string _file;
    private readonly List<Sequence<float>> _sequences = [];
    private readonly List<string> _labels = [];
    private readonly List<int> _lines = [];
    private string[]? _classes;
    private int? _dimensions;
    private int? _steps;
    private bool _equalLength;
    private int _line;

    private TsFile(string file) => _file = file;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">The file cannot be read or is not as it should be; the message names the line.</exception>
    public static LabelledSequences Read(string file) => new TsFile(file).Parse(CommandLine.ReadLines(file));

    private LabelledSequences Parse(string[] lines)
    {
        bool data = false;
        foreach (string raw in lines)
        {
            _line++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (data)
            {
                ReadCase(line);
            }
            else if (line[0] != '@')
            {
                throw Wrong("the header's lines must start with '@', and '@data' must come before the first case.");
            }
            else
            {
                data = ReadHeader(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
        }

        if (_sequences.Count == 0)
        {
            throw new DataException(
                data ? $"{_file} has no case after '@data'." : $"{_file} has no line '@data', so it is not a .ts file.");
        }

        return new LabelledSequences(_file, _dimensions!.Value, _sequences, _labels, _lines);
    }

    /// <summary>Takes in a line of the header.</summary>
    /// <returns>Whether it is the last one.</returns>
    private bool ReadHeader(string[] words)
    {
        string value = words.Length > 1 ? words[1] : string.Empty;
        switch (words[0].ToUpperInvariant())
        {
            case "@DATA":
                if (_classes is null)
                {
                    throw Wrong("there is no line '@classLabel true …' before '@data', so there are no classes to learn.");
                }

                return true;
            case "@TIMESTAMPS" when Flag(words):
                throw Wrong("time stamps are not supported; the steps of a series must be evenly spaced.");
            case "@UNIVARIATE" when Flag(words):
                _dimensions = 1;
                break;
            case "@DIMENSION" or "@DIMENSIONS":
                _dimensions = Count(words[0], value);
                break;
            case "@EQUALLENGTH":
                _equalLength = Flag(words);
                break;
            case "@SERIESLENGTH":
                _steps = Count(words[0], value);
                break;
            case "@TARGETLABEL" when Flag(words):
                throw Wrong("the targets are numbers, not classes.");
            case "@CLASSLABEL":
                if (!Flag(words))
                {
                    throw Wrong("'@classLabel false': there are no classes to learn.");
                }

                _classes = words[2..];
                break;
            default:
                break;
        }

        return false;
    }

    private void ReadCase(string line)
    {
        string[] parts = line.Split(':');
        if (parts.Length < 2)
        {
            throw Wrong("a case must be its dimensions and its label with ':' between them.");
        }

        string label = parts[^1].Trim();
        if (_classes!.Length > 0 && !_classes.Contains(label))
        {
            throw Wrong($"the label '{label}' is not one of '@classLabel', {string.Join(", ", _classes)}.");
        }

        int dimensions = _dimensions ??= parts.Length - 1;
        if (parts.Length - 1 != dimensions)
        {
            throw Wrong($"there must be {Plural(dimensions, "dimension")}, but there are {parts.Length - 1}.");
        }

        _sequences.Add(SequenceOf([.. parts[..^1].Select(Numbers)]));
        _labels.Add(label);
        _lines.Add(_line);
    }

    /// <summary>A case of one series for each dimension.</summary>
    private Sequence<float> SequenceOf(float[][] series)
    {
        int steps = series[0].Length;
        int other = Array.FindIndex(series, numbers => numbers.Length != steps);
        if (other >= 0)
        {
            throw Wrong(
                $"all dimensions of a case must have as many steps, but the first has {steps} and number {other + 1} has {series[other].Length}.");
        }

        _steps ??= _equalLength ? steps : null;
        if (_equalLength && steps != _steps)
        {
            throw Wrong($"'@equalLength true': there must be {Plural(_steps!.Value, "step")}, but there are {steps}.");
        }

        var sequence = new Sequence<float>(steps, 1, series.Length);
        for (int t = 0; t < steps; t++)
        {
            for (int d = 0; d < series.Length; d++)
            {
                sequence[t, 0, d] = series[d][t];
            }
        }

        return sequence;
    }

    private float[] Numbers(string dimension) => [.. dimension.Split(',').Select(Number)];

    private float Number(string text)
    {
        string trimmed = text.Trim();
        if (trimmed == "?")
        {
            return float.NaN;
        }

        if (!float.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) || !float.IsFinite(number))
        {
            throw Wrong($"'{trimmed}' is not a finite number; a missing one is written '?'.");
        }

        return number;
    }

    private bool Flag(string[] words) => words.Length > 1 && bool.TryParse(words[1], out bool value)
        ? value
        : throw Wrong($"'{words[0]}' must be followed by true or false.");

    private int Count(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw Wrong($"'{name}' must be followed by a whole number from 1.");

    private static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private DataException Wrong(string message) => new(_file, _line, message);
}

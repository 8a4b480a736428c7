using System.Text;
using Lstm.Data;
using Samples.Common;

namespace LanguageModel;

/// <summary>The texts: one to learn, one to choose the best epoch by, one to measure the result on.</summary>
public sealed record Corpus(string Train, string Valid, string Test, string Source)
{
    /// <summary>The file that marks the folder of the library's own source files.</summary>
    private const string Solution = "Lstm.sln";

    /// <summary>Reads the files, or cuts one text into three: the test text is its end, the validation text before it.</summary>
    /// <param name="settings">The files.</param>
    /// <param name="places">In or above which folders the library's own source files are looked for if there is no file.</param>
    /// <exception cref="DataException">A file cannot be read, or is empty.</exception>
    public static Corpus Read(Settings settings, IReadOnlyList<string>? places = null)
    {
        string train = settings.Train is not null
            ? ReadFile(settings.Train)
            : OwnSource(places ?? [Environment.CurrentDirectory, AppContext.BaseDirectory]);
        string source = settings.Train is null ? "the library's own source files" : settings.Train;
        string test = settings.Test is null ? string.Empty : ReadFile(settings.Test);
        string valid = settings.Valid is null ? string.Empty : ReadFile(settings.Valid);
        int held = (int)(train.Length * settings.HeldBack);
        if (settings.Test is null)
        {
            // Nothing to choose by and to measure on but the validation text, if that is all there is.
            (train, test) = settings.Valid is null ? CutEnd(train, held) : (train, valid);
        }

        if (settings.Valid is null)
        {
            (train, valid) = CutEnd(train, held);
        }

        var corpus = new Corpus(train, valid, test, source);
        return settings.Tokens == TokenUnit.Words ? corpus.Map(text => Sentences.MarkEnds(text)) : corpus;
    }

    /// <summary>Applies a function to all three texts.</summary>
    public Corpus Map(Func<string, string> change) =>
        this with { Train = change(Train), Valid = change(Valid), Test = change(Test) };

    private static (string Start, string End) CutEnd(string text, int length)
    {
        // Not between the two halves of a character.
        int at = text.Length - length;
        at += at < text.Length && char.IsLowSurrogate(text[at]) ? 1 : 0;
        return (text[..at], text[at..]);
    }

    private static string ReadFile(string file)
    {
        try
        {
            string text = File.ReadAllText(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return text.Length > 0 ? text : throw new DataException($"'{file}' is empty.");
        }
        catch (DecoderFallbackException exception)
        {
            throw new DataException($"'{file}' is not a text in UTF-8.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{file}' cannot be read. {exception.Message}", exception);
        }
    }

    /// <summary>The source files of the library in whose repository the program runs, one after the other.</summary>
    private static string OwnSource(IReadOnlyList<string> places)
    {
        string root = places.Select(FindRoot).FirstOrDefault(folder => folder is not null) ?? throw new DataException(
            "There is no text to learn: give a file, for the library's own source files are not here.");
        string[] separators = ["bin", "obj"];
        IEnumerable<string> files = Directory
            .EnumerateFiles(Path.Combine(root, "src", "Lstm"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Intersect(separators).Any())
            .Order(StringComparer.Ordinal);
        return string.Concat(files.Select(File.ReadAllText));
    }

    private static string? FindRoot(string folder)
    {
        DirectoryInfo? at = new(folder);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, Solution)))
        {
            at = at.Parent;
        }

        return at?.FullName;
    }
}

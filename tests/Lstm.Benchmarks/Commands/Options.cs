using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Commands;

/// <summary>The options that commands share.</summary>
internal static class Options
{
    private static readonly Dictionary<string, Type> ElementTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["float"] = typeof(float),
        ["double"] = typeof(double),
    };

    public static Option<int> Threads() => Number("--threads", "The most threads", 1, 1, 1024);

    public static Option<int> Rounds() =>
        Number("--rounds", "How often each takes its turn; the best turn counts", 3, 1, 1000);

    public static Option<double> Seconds() =>
        Number("--seconds", "The least seconds to measure each figure for", 1.0, 0, 3600);

    public static Option<Type> Element() => Create(
        "--type",
        "The type of the numbers: float or double",
        "type",
        typeof(float),
        text => ElementTypes.TryGetValue(text, out Type? type) ? type : throw new FormatException("float or double"));

    public static Option<IReadOnlyList<int>> Hidden() => Create<IReadOnlyList<int>>(
        "--hidden",
        "The hidden units, and as many inputs",
        "numbers",
        [64, 256, 512],
        text => [.. text.Split(',').Select(word => Parse(word, 1, 65536))]);

    public static Option<IReadOnlyList<Variant>> Variants() => Create<IReadOnlyList<Variant>>(
        "--variant",
        "Options of the layer, each measured in a line of its own: peephole,projection:128,layernorm, and so on",
        "names",
        [Variant.Plain],
        text => [.. text.Split(',').Select(Variant.Parse)]);

    public static Option<IReadOnlyList<Shape>> Shapes() => Create(
        "--shapes",
        "A file of shapes, T B I H on each line; those of the table in the readme unless given",
        "file",
        Shape.Grid,
        ReadShapes);

    private static Option<T> Number<T>(string name, string description, T standard, T least, T most)
        where T : INumber<T> => Create(name, description, "number", standard, text => Parse(text, least, most));

    private static T Parse<T>(string text, T least, T most)
        where T : INumber<T>
    {
        NumberStyles style = typeof(T) == typeof(int) ? NumberStyles.Integer : NumberStyles.Float;
        string kind = typeof(T) == typeof(int) ? "a whole number" : "a number";
        return T.TryParse(text, style, CultureInfo.InvariantCulture, out T? value) && value >= least && value <= most
            ? value
            : throw new FormatException($"{kind} from {least} to {most}");
    }

    private static IReadOnlyList<Shape> ReadShapes(string path)
    {
        if (!File.Exists(path))
        {
            throw new FormatException("an existing file");
        }

        var shapes = new List<Shape>();
        foreach (string line in File.ReadLines(path).Where(line => line.Trim() is not ("" or ['#', ..])))
        {
            if (!Shape.TryParse(line, out Shape shape))
            {
                throw new FormatException($"a file of lines T B I H, four whole numbers from 1 (which '{line}' is not)");
            }

            shapes.Add(shape);
        }

        return shapes;
    }

    /// <summary>An option whose parser throws a <see cref="FormatException"/> that says what was expected.</summary>
    private static Option<T> Create<T>(
        string name, string description, string form, T standard, Func<string, T> parse) => new(name)
        {
            Description = description,
            HelpName = form,
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                string given = result.Tokens.Single().Value;
                try
                {
                    return parse(given);
                }
                catch (FormatException expected)
                {
                    result.AddError($"{name} must be {expected.Message}, but is '{given}'.");
                    return standard;
                }
            },
        };
}

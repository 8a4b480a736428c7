using System.Globalization;

namespace Lstm.Benchmarks.Measuring;

/// <summary>The sizes of a pass: T steps, B sequences, I inputs, H hidden units.</summary>
public readonly record struct Shape(int Steps, int Batch, int Inputs, int HiddenUnits)
{
    /// <summary>The shapes of the grid: single streams and batches, small layers and large.</summary>
    public static IReadOnlyList<Shape> Grid { get; } =
    [
        new(64, 1, 64, 64),
        new(64, 1, 256, 256),
        new(64, 1, 512, 512),
        new(64, 1, 1024, 1024),
        new(28, 7, 27, 32),
        new(64, 32, 64, 64),
        new(64, 32, 256, 256),
        new(64, 32, 512, 512),
        new(35, 20, 200, 200),
        new(35, 20, 650, 650),
        new(25, 64, 512, 512),
        new(64, 128, 256, 256),
        new(64, 128, 1024, 1024),
    ];

    /// <summary>Multiplications and additions of the products in inference, 2·T·B·4H·(I + H).</summary>
    public double InferenceOperations => 2.0 * Steps * Batch * 4 * HiddenUnits * (Inputs + HiddenUnits);

    /// <summary>Those of a training step: backward has two products for each of forward's.</summary>
    public double TrainingOperations => 3 * InferenceOperations;

    /// <summary>One step of one sequence, with as many inputs as hidden units.</summary>
    public static Shape Step(int hiddenUnits) => new(1, 1, hiddenUnits, hiddenUnits);

    /// <summary>Reads <c>T B I H</c>.</summary>
    public static bool TryParse(string text, out Shape shape)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int[] sizes = [.. words.Select(word => int.TryParse(word, NumberStyles.None, null, out int size) ? size : 0)];
        bool good = sizes.Length == 4 && sizes.All(size => size > 0);
        shape = good ? new Shape(sizes[0], sizes[1], sizes[2], sizes[3]) : default;
        return good;
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => $"{Steps} {Batch} {Inputs} {HiddenUnits}";
}

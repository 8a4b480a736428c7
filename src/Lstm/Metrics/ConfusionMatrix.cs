using System.Globalization;
using System.Text;

namespace Lstm.Metrics;

/// <summary>How often each label was taken for each other: a row for each actual label, a column for each predicted one.</summary>
/// <typeparam name="TLabel">What the labels are.</typeparam>
public sealed class ConfusionMatrix<TLabel>
    where TLabel : notnull
{
    private readonly Dictionary<TLabel, int> _indices = [];
    private readonly long[,] _counts;

    /// <summary>Makes a matrix of zeros.</summary>
    /// <param name="labels">The labels, none twice; at least one.</param>
    /// <exception cref="ArgumentNullException">The list or a label is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, or a label stands in it twice.</exception>
    public ConfusionMatrix(IReadOnlyList<TLabel> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Guard.Shape(labels.Count > 0, "a list of at least one label", "empty", nameof(labels));
        foreach (TLabel label in labels)
        {
            ArgumentNullException.ThrowIfNull(label, nameof(labels));
            Guard.Shape(_indices.TryAdd(label, _indices.Count), "a list of different labels", $"one with {label} twice", nameof(labels));
        }

        Labels = [.. labels];
        _counts = new long[labels.Count, labels.Count];
    }

    /// <summary>The labels, in the order of rows and columns.</summary>
    public IReadOnlyList<TLabel> Labels { get; }

    /// <summary>The number of predictions counted.</summary>
    public long Count { get; private set; }

    /// <summary>The share of predictions that were right; NaN if there were none.</summary>
    public double Accuracy => (double)Enumerable.Range(0, Labels.Count).Sum(n => _counts[n, n]) / Count;

    /// <summary>How often <paramref name="predicted"/> was predicted for <paramref name="actual"/>.</summary>
    /// <param name="actual">The actual label.</param>
    /// <param name="predicted">The predicted label.</param>
    /// <exception cref="ArgumentException">A label is not one of <see cref="Labels"/>.</exception>
    public long this[TLabel actual, TLabel predicted] => _counts[IndexOf(actual), IndexOf(predicted)];

    /// <summary>Counts a prediction.</summary>
    /// <param name="actual">The actual label.</param>
    /// <param name="predicted">The predicted label.</param>
    /// <exception cref="ArgumentException">A label is not one of <see cref="Labels"/>.</exception>
    public void Add(TLabel actual, TLabel predicted)
    {
        _counts[IndexOf(actual), IndexOf(predicted)]++;
        Count++;
    }

    /// <summary>The share of the predictions of a label that were right; NaN if it was never predicted.</summary>
    /// <param name="label">The label.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">The label is not one of <see cref="Labels"/>.</exception>
    public double Precision(TLabel label)
    {
        int column = IndexOf(label);
        return (double)_counts[column, column] / Enumerable.Range(0, Labels.Count).Sum(row => _counts[row, column]);
    }

    /// <summary>The share of a label's occurrences that were predicted; NaN if it never occurred.</summary>
    /// <param name="label">The label.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">The label is not one of <see cref="Labels"/>.</exception>
    public double Recall(TLabel label)
    {
        int row = IndexOf(label);
        return (double)_counts[row, row] / Enumerable.Range(0, Labels.Count).Sum(column => _counts[row, column]);
    }

    /// <summary>A table to print: a row for each actual label, a column for each predicted one.</summary>
    /// <returns>The table, without a line break at its end.</returns>
    public override string ToString()
    {
        string[] names = [.. Labels.Select(label => Convert.ToString(label, CultureInfo.InvariantCulture)!)];
        int widest = Math.Max(names.Max(name => name.Length), $"{Count}".Length);
        var table = new StringBuilder().Append(' ', widest);
        foreach (string name in names)
        {
            table.Append(' ').Append(name.PadLeft(widest));
        }

        for (int row = 0; row < names.Length; row++)
        {
            table.Append(Environment.NewLine).Append(names[row].PadRight(widest));
            for (int column = 0; column < names.Length; column++)
            {
                table.Append(' ').Append(_counts[row, column].ToString(CultureInfo.InvariantCulture).PadLeft(widest));
            }
        }

        return table.ToString();
    }

    private int IndexOf(TLabel label) => _indices.TryGetValue(label, out int index) ? index : throw new ArgumentException(
        $"label must be one of {string.Join(", ", Labels)}, but is {label}.", nameof(label));
}

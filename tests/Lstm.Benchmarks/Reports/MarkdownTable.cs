namespace Lstm.Benchmarks.Reports;

/// <summary>A table in Markdown, its first column to the left and the others to the right.</summary>
internal sealed class MarkdownTable(params IReadOnlyList<string> headings)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    public void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        WriteRow(output, headings);
        WriteRow(output, [.. headings.Select((_, n) => n == 0 ? "---" : "---:")]);
        foreach (IReadOnlyList<string> row in _rows)
        {
            WriteRow(output, row);
        }

        output.WriteLine();
    }

    private static void WriteRow(TextWriter output, IReadOnlyList<string> cells) =>
        output.WriteLine($"| {string.Join(" | ", cells)} |");
}

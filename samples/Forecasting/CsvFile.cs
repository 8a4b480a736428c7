using System.Globalization;
using System.Text;
using Samples.Common;

namespace Forecasting;

/// <summary>
/// A table of text: a line of names, then a line for each row, with a comma (or a semicolon or tabulator, where the first
/// line has no comma) between the cells. A first line with a number in it is a row already; then the columns are called 1,
/// 2 and so on. A cell in quotation marks may have that character in it, and a quotation mark
/// twice.
/// </summary>
public sealed class CsvFile
{
    private readonly string _file;
    private readonly string[] _names;
    private readonly List<string[]> _rows = [];
    private readonly List<int> _lines = [];

    private CsvFile(string file, string[] lines)
    {
        _file = file;
        int first = Array.FindIndex(lines, line => line.Trim().Length > 0);
        if (first < 0)
        {
            throw new DataException($"{file} is empty.");
        }

        char separator = new[] { ',', ';', '\t' }.FirstOrDefault(lines[first].Contains, ',');
        _names = Cells(lines[first], separator, first + 1);
        bool named = !_names.Any(name => IsNumber(name, out _));
        if (!named)
        {
            _names = [.. Enumerable.Range(1, _names.Length).Select(column => column.ToString(CultureInfo.InvariantCulture))];
        }

        for (int n = named ? first + 1 : first; n < lines.Length; n++)
        {
            if (lines[n].Trim().Length > 0)
            {
                string[] cells = Cells(lines[n], separator, n + 1);
                if (cells.Length != _names.Length)
                {
                    throw new DataException(file, n + 1, $"there must be {_names.Length} cells, as in the first line, but there are {cells.Length}.");
                }

                _rows.Add(cells);
                _lines.Add(n + 1);
            }
        }

        if (_rows.Count == 0)
        {
            throw new DataException($"{file} has no line below the names of its columns.");
        }
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of rows below the names.</summary>
    public int Rows => _rows.Count;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">The file cannot be read or is not as it should be; the message names the line.</exception>
    public static CsvFile Read(string file) => new(file, CommandLine.ReadLines(file));

    /// <summary>The index of a column, by its name, or the last column without one.</summary>
    /// <exception cref="DataException">There is no such column.</exception>
    public int Column(string? name)
    {
        int column = name is null ? _names.Length - 1 : Array.IndexOf(_names, name);
        return column >= 0
            ? column
            : throw new DataException($"{_file} has no column '{name}', but {string.Join(", ", _names.Select(other => $"'{other}'"))}.");
    }

    /// <summary>How many rows at the end have nothing in a column.</summary>
    public int EmptyAtEnd(int column) => Enumerable.Reverse(_rows).TakeWhile(row => row[column].Length == 0).Count();

    /// <summary>The numbers of a column.</summary>
    /// <exception cref="DataException">A cell is not a finite number; the message names the line.</exception>
    public double[] Numbers(int column, int rows) => [.. Enumerable.Range(0, rows).Select(row => Number(row, column))];

    private static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private double Number(int row, int column)
    {
        string text = _rows[row][column];
        return IsNumber(text, out double number)
            ? number
            : throw new DataException(_file, _lines[row], $"column '{_names[column]}' must have a finite number, but has '{text}'.");
    }

    private string[] Cells(string line, char separator, int number)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int n = 0; n < line.Length; n++)
        {
            char letter = line[n];
            if (quoted && letter == '"' && n + 1 < line.Length && line[n + 1] == '"')
            {
                cell.Append('"');
                n++;
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (letter == separator && !quoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(letter);
            }
        }

        cells.Add(cell.ToString().Trim());
        return quoted ? throw new DataException(_file, number, "a quotation mark is not closed.") : [.. cells];
    }
}

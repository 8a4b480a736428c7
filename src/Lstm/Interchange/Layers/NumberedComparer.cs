namespace Lstm.Interchange.Layers;

/// <summary>Orders names with numbers in them by the numbers: <c>layers.2</c> before <c>layers.10</c>.</summary>
internal sealed class NumberedComparer : IComparer<string>
{
    public static NumberedComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x;
        ReadOnlySpan<char> right = y;
        while (left.Length > 0 && right.Length > 0)
        {
            ReadOnlySpan<char> a = Digits(left);
            ReadOnlySpan<char> b = Digits(right);
            bool numbers = a.Length > 0 && b.Length > 0;
            int order = !numbers ? left[0].CompareTo(right[0])
                : a.Length != b.Length ? a.Length.CompareTo(b.Length)
                : a.CompareTo(b, StringComparison.Ordinal);
            if (order != 0)
            {
                return order;
            }

            left = left[(numbers ? a.Length : 1)..];
            right = right[(numbers ? b.Length : 1)..];
        }

        return left.Length.CompareTo(right.Length);
    }

    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
        {
            length++;
        }

        return text[..length];
    }
}

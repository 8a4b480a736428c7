using System.Text;

namespace Lstm.Interchange;

/// <summary>Compares text by its bytes in UTF-8, which is by code points: how Rust's strings, and so safetensors, are ordered.</summary>
internal sealed class Utf8Comparer : IComparer<string>
{
    public static Utf8Comparer Instance { get; } = new();

    /// <summary>Whether a text has no half of a character that takes two.</summary>
    public static bool IsWellFormed(string text)
    {
        for (int n = 0; n < text.Length; n++)
        {
            if (char.IsSurrogate(text[n]) && !(char.IsHighSurrogate(text[n]) && ++n < text.Length && char.IsLowSurrogate(text[n])))
            {
                return false;
            }
        }

        return true;
    }

    public int Compare(string? x, string? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        StringRuneEnumerator left = x.EnumerateRunes();
        StringRuneEnumerator right = y.EnumerateRunes();
        while (left.MoveNext())
        {
            if (!right.MoveNext())
            {
                return 1;
            }

            int order = left.Current.CompareTo(right.Current);
            if (order != 0)
            {
                return order;
            }
        }

        return right.MoveNext() ? -1 : 0;
    }
}

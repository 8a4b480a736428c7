using System.Numerics;

namespace Lstm.Layers;

/// <summary>Copies the columns of the valid steps of a batch together, and apart again.</summary>
internal static class ValidColumns
{
    /// <summary>Copies the columns at the given places to neighbouring ones.</summary>
    public static void Gather<T>(ReadOnlySpan<T> all, ReadOnlySpan<int> columns, Span<T> valid, int features)
    {
        for (int n = 0; n < columns.Length; n++)
        {
            all.Slice(columns[n] * features, features).CopyTo(valid.Slice(n * features, features));
        }
    }

    /// <summary>Copies neighbouring columns to the given places, and sets all others to zero.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> valid, ReadOnlySpan<int> columns, Span<T> all, int features)
    {
        int next = 0;
        for (int n = 0; n < columns.Length; n++)
        {
            int start = columns[n] * features;
            all[next..start].Clear();
            valid.Slice(n * features, features).CopyTo(all[start..]);
            next = start + features;
        }

        all[next..].Clear();
    }

    /// <summary>Makes a sequence of the valid steps of another, one after another.</summary>
    public static void Gather<T>(Sequence<T> all, StepMask mask, Sequence<T> valid)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        valid.Resize(mask.ValidSteps, 1);
        Gather<T>(all.Values, mask.Columns, valid.Values, all.Features);
    }
}

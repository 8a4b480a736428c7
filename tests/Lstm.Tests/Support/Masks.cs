using System.Numerics;

namespace Lstm.Tests.Support;

/// <summary>Masks drawn at random, and what they leave of a sequence.</summary>
internal static class Masks
{
    /// <summary>Of the steps before the end of a sequence with gaps, how many are valid.</summary>
    private const double Valid = 0.7;

    /// <summary>Lengths from 0 to T; and gaps in some of the sequences, if wanted.</summary>
    public static StepMask Draw(Random random, int steps, int batch, bool gaps)
    {
        bool[] values = new bool[steps * batch];
        for (int b = 0; b < batch; b++)
        {
            int length = random.Next(steps + 1);
            bool all = !gaps || random.Next(3) == 0;
            for (int t = 0; t < length; t++)
            {
                values[(t * batch) + b] = all || random.NextDouble() < Valid;
            }
        }

        return StepMask.FromValues(steps, batch, values);
    }

    /// <summary>The valid steps of one sequence, in order.</summary>
    public static int[] StepsOf(StepMask mask, int sequence) =>
        [.. Enumerable.Range(0, mask.Steps).Where(t => mask[t, sequence])];

    /// <summary>One sequence alone, at the given steps.</summary>
    public static Sequence<T> Alone<T>(Sequence<T> batch, int sequence, int[] steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var alone = new Sequence<T>(steps.Length, 1, batch.Features);
        for (int n = 0; n < steps.Length; n++)
        {
            batch.At(steps[n], sequence).CopyTo(alone.Step(n));
        }

        return alone;
    }

    /// <summary>The state of one sequence.</summary>
    public static Lstm.Layers.LayerState<T> Alone<T>(Lstm.Layers.LayerState<T> batch, Lstm.Layers.LayerState<T> one, int sequence)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n < one.Parts.Count; n++)
        {
            int length = one.Parts[n].Values.Length;
            batch.Parts[n].Values.Slice(sequence * length, length).CopyTo(one.Parts[n].Values);
        }

        return one;
    }

    /// <summary>Overwrites what stands at the steps that are not valid, or only past the ends.</summary>
    public static Sequence<T> Spoil<T>(Sequence<T> sequence, StepMask mask, T value, bool gaps = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int t = 0; t < mask.Steps; t++)
        {
            for (int b = 0; b < mask.Batch; b++)
            {
                if (!mask[t, b] && (gaps || t >= mask.LengthOf(b)))
                {
                    sequence.At(t, b).Fill(value);
                }
            }
        }

        return sequence;
    }
}

namespace Lstm.Tests.Support;

/// <summary>A random case: T, B, I, H, and the seed of all numbers in it.</summary>
public readonly record struct Shape(int Steps, int Batch, int Inputs, int Units, int Seed)
{
    /// <summary>Cases that are smaller in one dimension, for a failure to be reported as small as it can be.</summary>
    public IEnumerable<Shape> Smaller()
    {
        if (Steps > 1)
        {
            yield return this with { Steps = Steps / 2 };
            yield return this with { Steps = Steps - 1 };
        }

        if (Batch > 1)
        {
            yield return this with { Batch = Batch / 2 };
            yield return this with { Batch = Batch - 1 };
        }

        if (Inputs > 1)
        {
            yield return this with { Inputs = Inputs / 2 };
            yield return this with { Inputs = Inputs - 1 };
        }

        if (Units > 1)
        {
            yield return this with { Units = Units / 2 };
            yield return this with { Units = Units - 1 };
        }
    }
}

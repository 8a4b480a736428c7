namespace Lstm.Benchmarks.Measuring;

/// <summary>The milliseconds of one inference and of one training step, null where there is no training.</summary>
internal readonly record struct Times(double Inference, double? Training)
{
    public static Times Best(Times left, Times right) => new(
        Math.Min(left.Inference, right.Inference),
        left.Training is { } one && right.Training is { } other ? Math.Min(one, other) : null);
}

namespace Lstm.Optimizers;

/// <summary>Multiplies the rate by γ every n epochs: <c>η γ^⌊e / n⌋</c> after e epochs, PyTorch's <c>StepLR</c>.</summary>
public sealed record StepSchedule : Schedule
{
    /// <summary>n, the epochs between one change and the next; 10 unless set. At least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Epochs { get; init => field = Guard.Positive(value, nameof(Epochs)); } = 10;

    /// <summary>γ; 0.1 unless set. Above 0, at most 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Decay { get; init => field = Guard.Share(value, nameof(Decay)); } = 0.1;

    /// <inheritdoc/>
    public override double Factor(SchedulePoint point) => Math.Pow(Decay, point.Epoch / Epochs);
}

namespace Lstm.Optimizers;

/// <summary>Multiplies the rate by γ after every epoch: <c>η γ^e</c> after e epochs, PyTorch's <c>ExponentialLR</c>.</summary>
public sealed record ExponentialSchedule : Schedule
{
    /// <summary>γ; 0.95 unless set. Above 0, at most 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Decay { get; init => field = Guard.Share(value, nameof(Decay)); } = 0.95;

    /// <inheritdoc/>
    public override double Factor(SchedulePoint point) => Math.Pow(Decay, point.Epoch);
}

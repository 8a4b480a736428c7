namespace Lstm.Optimizers;

/// <summary>
/// Keeps the rate for n epochs and divides it by d before each epoch after them: <c>η d^−max(0, e + 1 − n)</c> in the
/// epoch that follows e others (Zaremba, Sutskever and Vinyals 2014, "Recurrent neural network regularization").
/// </summary>
/// <remarks>
/// Their small network has n = 4 and d = 2 (13 epochs), the medium one n = 6 and d = 1.2 (39), the large one n = 14 and
/// d = 1.15 (55), all from a rate of 1.
/// </remarks>
public sealed record ZarembaSchedule : Schedule
{
    /// <summary>n, the epochs at the full rate; 4 unless set. At least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int ConstantEpochs { get; init => field = Guard.Positive(value, nameof(ConstantEpochs)); } = 4;

    /// <summary>d; 2 unless set. Finite, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Divisor { get; init => field = Guard.InRange(value, 1, double.PositiveInfinity, nameof(Divisor)); } = 2;

    /// <inheritdoc/>
    public override double Factor(SchedulePoint point) =>
        Math.Pow(Divisor, -Math.Max(0, point.Epoch + 1 - ConstantEpochs));
}

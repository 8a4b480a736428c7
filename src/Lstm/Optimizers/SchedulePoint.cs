namespace Lstm.Optimizers;

/// <summary>Where a training is, which is all that a <see cref="Schedule"/> may go by.</summary>
/// <param name="Step">The steps that have been taken, from 0.</param>
/// <param name="Epoch">The epochs that have been finished, from 0.</param>
/// <param name="TotalSteps">The steps of the whole training, as far as it is known.</param>
/// <param name="Scores">
/// What the validations so far gave, in their order, the lower the better (a metric that should rise is negated).
/// </param>
public readonly record struct SchedulePoint(
    long Step, int Epoch, long TotalSteps, IReadOnlyList<double> Scores);

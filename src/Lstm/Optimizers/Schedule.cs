namespace Lstm.Optimizers;

/// <summary>
/// How the learning rate changes during training. A schedule has no memory: the rate follows only from how far the training
/// has come, so there is nothing to save when a training stops and nothing to forget when another begins.
/// </summary>
/// <remarks>
/// In a loop of your own: <c>optimizer.LearningRate = rate · schedule.Factor(point)</c> before each step, where
/// <c>rate</c> is the learning rate at the start.
/// </remarks>
public abstract record Schedule
{
    /// <summary>The rate stays as it is.</summary>
    public static Schedule Constant { get; } = new ConstantSchedule();

    /// <summary>What the learning rate at the start is multiplied by.</summary>
    /// <param name="point">Where the training is.</param>
    /// <returns>The factor, at least 0.</returns>
    public abstract double Factor(SchedulePoint point);

    private sealed record ConstantSchedule : Schedule
    {
        public override double Factor(SchedulePoint point) => 1;

        public override string ToString() => "constant";
    }
}

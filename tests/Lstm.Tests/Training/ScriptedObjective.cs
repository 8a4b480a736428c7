using Lstm.Losses;
using Lstm.Training;

namespace Lstm.Tests.Training;

/// <summary>
/// One number that each step of training changes by the learning rate, and validations whose losses are written out. A batch
/// is its loss in training.
/// </summary>
internal sealed class ScriptedObjective(params double[] validations) : Objective<double, double>
{
    private readonly Parameter<double> _parameter = new("Number", 1, 1);
    private int _validations = -1;

    public override IReadOnlyList<Parameter<double>> Parameters => [_parameter];

    public override string? MetricName => "hundredfold";

    public override bool HigherMetricIsBetter => HigherIsBetter;

    public bool HigherIsBetter { get; init; }

    /// <summary>What the number's gradient is below zero at a batch.</summary>
    public Func<double, double> Fall { get; init; } = _ => 1;

    public double Number => _parameter.Values[0];

    /// <summary>The batches that it was trained on, in order.</summary>
    public List<double> Seen { get; } = [];

    public int Starts { get; private set; }

    public override void Start(bool training)
    {
        Starts += training ? 1 : 0;
        _validations += training ? 0 : 1;
    }

    public override LossSum Train(double batch)
    {
        Seen.Add(batch);
        _parameter.Gradients[0] -= Fall(batch);
        return double.IsFinite(batch)
            ? new LossSum(batch, 1, 1)
            : throw new NonFiniteLossException(3, 4, batch);
    }

    public override LossSum Evaluate(double batch) => new(validations[_validations] * batch, batch, 1);

    public override double Metric(LossSum loss) => 100 * loss.Mean;
}

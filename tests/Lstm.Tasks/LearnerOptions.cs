namespace Lstm.Tasks;

/// <summary>The network of a task, and how it learns.</summary>
public sealed record LearnerOptions
{
    /// <summary>H, the hidden units of the one LSTM layer.</summary>
    public required int HiddenUnits { get; init; }

    /// <summary>After so many sequences a seed has failed.</summary>
    public required int MostSequences { get; init; }

    /// <summary>Adam's learning rate at the start.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>The sequences after which the learning rate is half of what it was; unless set it stays as it is.</summary>
    public double HalfLife { get; init; } = double.PositiveInfinity;

    /// <summary>The norm at which gradients are clipped.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>
    /// The forget gates' bias at the start. At 1 a cell loses half in two steps, at 5 in a hundred: as much as a task must
    /// bridge before anything of it has been learnt.
    /// </summary>
    public double ForgetBias { get; init; } = 1;

    /// <summary>The input gates' bias at the start. Below 0, little of what need not be kept gets into the cells.</summary>
    public double InputBias { get; init; }
}

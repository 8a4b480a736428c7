using System.Text.Json;
using Lstm.Optimizers;

namespace Lstm.Tests.Optimizers;

/// <summary>One case of torch_optimizers.json, which torch_optimizers.py writes.</summary>
public sealed record TorchOptimizers(
    string Kind,
    bool IsDefault,
    double LearningRate,
    double Beta1,
    double Beta2,
    double Smoothing,
    double Momentum,
    bool Centered,
    double Epsilon,
    double WeightDecay,
    double AverageDecay,
    double[] Weight,
    double[] Bias,
    TorchOptimizers.Step[] Steps)
{
    public static IReadOnlyList<TorchOptimizers> Cases { get; } = JsonSerializer.Deserialize<TorchOptimizers[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Optimizers", "torch_optimizers.json")),
        JsonSerializerOptions.Web)!;

    /// <summary>This library's optimizer of the case's settings, or with its own if they are to be the defaults.</summary>
    public Optimizer<double> Make() => Kind switch
    {
        "Adam" => new AdamOptimizer<double>(IsDefault ? null : Adam()),
        "AdamW" => new AdamWOptimizer<double>(IsDefault ? null : new AdamWOptions
        {
            LearningRate = LearningRate,
            Beta1 = Beta1,
            Beta2 = Beta2,
            Epsilon = Epsilon,
            WeightDecay = WeightDecay,
        }),
        _ => new RmsPropOptimizer<double>(IsDefault ? null : RmsProp()),
    };

    public override string ToString() => $"{Kind}, learning rate {LearningRate}, weight decay {WeightDecay}";

    private AdamOptions Adam() => new()
    {
        LearningRate = LearningRate,
        Beta1 = Beta1,
        Beta2 = Beta2,
        Epsilon = Epsilon,
        WeightDecay = WeightDecay,
    };

    private RmsPropOptions RmsProp() => new()
    {
        LearningRate = LearningRate,
        Smoothing = Smoothing,
        Momentum = Momentum,
        Centered = Centered,
        Epsilon = Epsilon,
        WeightDecay = WeightDecay,
    };

    /// <summary>The gradients of a step, and the values and averages after it.</summary>
    public sealed record Step(
        double[] WeightGradient, double[] BiasGradient, double[] Weight, double[] Bias, double[] Mean, double[] Exponential);
}

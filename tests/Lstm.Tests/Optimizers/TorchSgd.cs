using System.Text.Json;
using Lstm.Optimizers;

namespace Lstm.Tests.Optimizers;

/// <summary>One case of torch_sgd.json, which torch_sgd.py writes.</summary>
public sealed record TorchSgd(
    double LearningRate,
    double Momentum,
    double WeightDecay,
    bool Nesterov,
    double[] Weight,
    double[] Bias,
    TorchSgd.Step[] Steps)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TorchSgd> Cases { get; } = JsonSerializer.Deserialize<TorchSgd[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Optimizers", "torch_sgd.json")), CamelCase)!;

    public SgdOptions Options => new()
    {
        LearningRate = LearningRate,
        Momentum = Momentum,
        WeightDecay = WeightDecay,
        Nesterov = Nesterov,
    };

    /// <summary>The gradients of a step, and the values after it.</summary>
    public sealed record Step(double[] WeightGradient, double[] BiasGradient, double[] Weight, double[] Bias);
}

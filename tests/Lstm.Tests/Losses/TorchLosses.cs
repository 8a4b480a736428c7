using System.Text.Json;
using Lstm.Losses;

namespace Lstm.Tests.Losses;

/// <summary>One case of torch_losses.json, which torch_losses.py writes.</summary>
public sealed record TorchLosses(
    string Kind,
    string Reduction,
    int[] Shape,
    double[] Predictions,
    double[] Targets,
    double[] Weights,
    double Smoothing,
    double[]? ClassWeights,
    double Delta,
    double[] Quantiles,
    double[]? PositiveWeights,
    double Loss,
    double[] Gradient)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TorchLosses> Cases { get; } = JsonSerializer.Deserialize<TorchLosses[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Losses", "torch_losses.json")), CamelCase)!;

    private Reduction Reduced => Enum.Parse<Reduction>(Reduction, ignoreCase: true);

    /// <summary>Evaluates the case with this library's loss.</summary>
    public (double Value, double[] Gradient) Evaluate()
    {
        Loss<double> loss = Kind switch
        {
            "squared" => new MeanSquaredError<double>(Reduced),
            "absolute" => new MeanAbsoluteError<double>(Reduced),
            "huber" => new HuberLoss<double>(Delta, Reduced),
            "labels" => new BinaryCrossEntropy<double>(Reduced) { PositiveWeights = PositiveWeights },
            "quantiles" => new QuantileLoss<double>(Quantiles, Reduced),
            _ => new SoftmaxCrossEntropy<double>(Reduced) { LabelSmoothing = Smoothing, ClassWeights = ClassWeights },
        };
        double value = Kind == "classes"
            ? ((SoftmaxCrossEntropy<double>)loss).Evaluate(
                Sequence(Predictions), [.. Targets.Select(target => (int)target)], Weights)
            : loss.Evaluate(Sequence(Predictions), Sequence(Targets), Weights);
        return (value, loss.Gradient.Values.ToArray());
    }

    public override string ToString() =>
        $"{Kind}, {Reduction}, {string.Join(" × ", Shape)}, {(Weights.Length > 0 ? "weighted" : "not weighted")}, "
        + $"smoothing {Smoothing}, {(ClassWeights is null ? "no class weights" : "class weights")}";

    private Sequence<double> Sequence(double[] values) =>
        new(Shape[0], Shape[1], values.Length / (Shape[0] * Shape[1]), values);
}

using System.Text.Json;

namespace Lstm.Tests.Optimizers;

/// <summary>The rates of torch_schedules.json, which torch_schedules.py writes.</summary>
public sealed record TorchSchedules(
    int Epochs,
    double[] Losses,
    double[] Step,
    double[] Exponential,
    double[] Cosine,
    double[] Plateau,
    double[] PlateauWithCooldown,
    double[] PlateauOfThreshold,
    double[] PlateauOfAMetric)
{
    public static TorchSchedules Read() => JsonSerializer.Deserialize<TorchSchedules>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Optimizers", "torch_schedules.json")),
        JsonSerializerOptions.Web)!;
}

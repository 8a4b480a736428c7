using System.Text.Json;

namespace Lstm.Tests.Kernels;

/// <summary>A function of vector_math.json, which vector_math.py writes.</summary>
/// <param name="Function">exp, sigmoid or tanh.</param>
/// <param name="X">The arguments.</param>
/// <param name="Nearest">The doubles nearest to the values.</param>
/// <param name="Rest">What is missing to the values, in units in the last place.</param>
internal sealed record VectorMathGolden(string Function, double[] X, double[] Nearest, double[] Rest)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    private static readonly VectorMathGolden[] All = JsonSerializer.Deserialize<VectorMathGolden[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kernels", "Goldens", "vector_math.json")), CamelCase)!;

    public static VectorMathGolden Of(VectorFunction function) =>
        All.Single(golden => string.Equals(golden.Function, function.ToString(), StringComparison.OrdinalIgnoreCase));
}

using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>An activation as JSON: its name in ONNX, and α and β where it has them.</summary>
internal static class ActivationJson
{
    private const string Name = "name";
    private const string Alpha = "alpha";
    private const string Beta = "beta";

    public static JsonObject Write(Activation activation) => new()
    {
        [Name] = activation.Name,
        [Alpha] = activation.Alpha,
        [Beta] = activation.Beta,
    };

    public static Activation Read(Settings settings)
    {
        (double alpha, double beta) = (settings.Number(Alpha), settings.Number(Beta));
        return settings.Text(Name) switch
        {
            nameof(Activation.Sigmoid) => Activation.Sigmoid,
            nameof(Activation.Tanh) => Activation.Tanh,
            nameof(Activation.Relu) => Activation.Relu,
            nameof(Activation.Softsign) => Activation.Softsign,
            nameof(Activation.Softplus) => Activation.Softplus,
            nameof(Activation.Affine) => Activation.Affine(alpha, beta),
            nameof(Activation.LeakyRelu) => Activation.LeakyRelu(alpha),
            nameof(Activation.ThresholdedRelu) => Activation.ThresholdedRelu(alpha),
            nameof(Activation.ScaledTanh) => Activation.ScaledTanh(alpha, beta),
            nameof(Activation.HardSigmoid) => Activation.HardSigmoid(alpha, beta),
            nameof(Activation.Elu) => Activation.Elu(alpha),
            _ => throw settings.Wrong(Name, "an activation of ONNX's recurrent operators"),
        };
    }
}

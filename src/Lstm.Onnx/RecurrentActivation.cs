using Lstm.Layers;
using Lstm.Onnx.Operators;

namespace Lstm.Onnx;

/// <summary>An activation of a recurrent node, with its parameters α and β.</summary>
internal readonly record struct RecurrentActivation(string Name, float Alpha, float Beta)
{
    /// <summary>Whether α stands in a file.</summary>
    public bool HasAlpha => Known(Name)?.Alpha is not null;

    /// <summary>Whether β stands in a file.</summary>
    public bool HasBeta => Known(Name)?.Beta is not null;

    /// <summary>An activation of this library, whose names are ONNX's.</summary>
    public static RecurrentActivation Of(Activation activation) =>
        new(activation.Name, (float)activation.Alpha, (float)activation.Beta);

    /// <summary>The activations of each direction, from the attributes; names are compared without regard to case.</summary>
    public static IReadOnlyList<RecurrentActivation[]> Read(NodeReader node, string[] standard, int directions)
    {
        IReadOnlyList<string> names = node.Texts("activations") ?? [.. Enumerable.Repeat(standard, directions).SelectMany(name => name)];
        if (names.Count != standard.Length * directions)
        {
            throw node.Refuse($"it has {names.Count} activations, not {standard.Length} for each of {directions} directions");
        }

        // The parameters come in the order of the activations that have any.
        var alphas = new Queue<float>(node.Numbers("activation_alpha") ?? []);
        var betas = new Queue<float>(node.Numbers("activation_beta") ?? []);
        RecurrentActivation[] all = [.. names.Select(Create)];
        return alphas.Count + betas.Count == 0
            ? [.. all.Chunk(standard.Length)]
            : throw node.Refuse("it has more activation_alpha or activation_beta than activations that want them");

        RecurrentActivation Create(string name)
        {
            (string known, float? alpha, float? beta) = Known(name)
                ?? throw node.Refuse($"its activation '{name}' is not known");
            return new RecurrentActivation(known, Next(alphas, alpha), Next(betas, beta));
        }
    }

    /// <summary>The same function in this library.</summary>
    public Activation ToActivation() => Name switch
    {
        "Relu" => Activation.Relu,
        "Tanh" => Activation.Tanh,
        "Sigmoid" => Activation.Sigmoid,
        "Softsign" => Activation.Softsign,
        "Softplus" => Activation.Softplus,
        "Affine" => Activation.Affine(Alpha, Beta),
        "LeakyRelu" => Activation.LeakyRelu(Alpha),
        "ThresholdedRelu" => Activation.ThresholdedRelu(Alpha),
        "ScaledTanh" => Activation.ScaledTanh(Alpha, Beta),
        "HardSigmoid" => Activation.HardSigmoid(Alpha, Beta),
        _ => Activation.Elu(Alpha),
    };

    private static float Next(Queue<float> given, float? otherwise) =>
        otherwise is float value ? (given.TryDequeue(out float first) ? first : value) : 0;

    /// <summary>The name as ONNX writes it, with the parameters unless they are given; null where there is none.</summary>
    private static (string Name, float? Alpha, float? Beta)? Known(string name) => name.ToUpperInvariant() switch
    {
        "RELU" => ("Relu", null, null),
        "TANH" => ("Tanh", null, null),
        "SIGMOID" => ("Sigmoid", null, null),
        "SOFTSIGN" => ("Softsign", null, null),
        "SOFTPLUS" => ("Softplus", null, null),
        "AFFINE" => ("Affine", 1, 0),
        "LEAKYRELU" => ("LeakyRelu", 0.01f, null),
        "THRESHOLDEDRELU" => ("ThresholdedRelu", 1, null),
        "SCALEDTANH" => ("ScaledTanh", 1, 1),
        "HARDSIGMOID" => ("HardSigmoid", 0.2f, 0.5f),
        "ELU" => ("Elu", 1, null),
        _ => null,
    };
}

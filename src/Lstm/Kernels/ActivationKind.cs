namespace Lstm.Kernels;

/// <summary>The functions that ONNX lists for recurrent operators.</summary>
internal enum ActivationKind
{
    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>αx + β.</summary>
    Affine,

    /// <summary>x if x > 0, else αx.</summary>
    LeakyRelu,

    /// <summary>x if x > α, else 0.</summary>
    ThresholdedRelu,

    /// <summary>α tanh(βx).</summary>
    ScaledTanh,

    /// <summary>min(1, max(0, αx + β)).</summary>
    HardSigmoid,

    /// <summary>x if x > 0, else α(eˣ − 1).</summary>
    Elu,

    /// <summary>x/(1 + |x|).</summary>
    Softsign,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,
}

/// <summary>A function with its α and β.</summary>
internal readonly record struct ActivationFunction(ActivationKind Kind, double Alpha, double Beta);

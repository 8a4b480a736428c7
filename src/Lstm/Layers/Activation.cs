using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>
/// A function that a recurrent layer applies to each number of a gate, the candidate or the cell state. The functions, and
/// their names, are those that ONNX lists for its recurrent operators.
/// </summary>
public sealed record Activation
{
    private Activation(ActivationKind kind, double alpha = 0, double beta = 0) => Function = new(kind, alpha, beta);

    /// <summary>The logistic sigmoid, <c>1/(1 + e⁻ˣ)</c>: of the gates, unless another is set.</summary>
    public static Activation Sigmoid { get; } = new(ActivationKind.Sigmoid);

    /// <summary><c>tanh x</c>: of the candidate and the cell state, unless another is set.</summary>
    public static Activation Tanh { get; } = new(ActivationKind.Tanh);

    /// <summary><c>max(0, x)</c>.</summary>
    public static Activation Relu { get; } = new(ActivationKind.Relu);

    /// <summary><c>x/(1 + |x|)</c>.</summary>
    public static Activation Softsign { get; } = new(ActivationKind.Softsign);

    /// <summary><c>ln(1 + eˣ)</c>.</summary>
    public static Activation Softplus { get; } = new(ActivationKind.Softplus);

    /// <summary><c>x</c>: <see cref="Affine"/> of 1 and 0.</summary>
    public static Activation Identity { get; } = Affine(1, 0);

    /// <summary>The name that ONNX gives to the function; of the identity it is Affine.</summary>
    public string Name => $"{Function.Kind}";

    /// <summary>α; 0 where the function has none.</summary>
    public double Alpha => Function.Alpha;

    /// <summary>β; 0 where the function has none.</summary>
    public double Beta => Function.Beta;

    /// <summary>Whether all values are from 0 to 1, as a share must be.</summary>
    internal bool IsShare => Function.Kind is ActivationKind.Sigmoid or ActivationKind.HardSigmoid;

    internal ActivationFunction Function { get; }

    /// <summary><c>αx + β</c>.</summary>
    /// <param name="alpha">α; finite.</param>
    /// <param name="beta">β; finite.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is infinite or NaN.</exception>
    public static Activation Affine(double alpha, double beta)
    {
        Guard.InRange(alpha, double.NegativeInfinity, double.PositiveInfinity);
        Guard.InRange(beta, double.NegativeInfinity, double.PositiveInfinity);
        return new Activation(ActivationKind.Affine, alpha, beta);
    }

    /// <summary><c>x</c> if x is above 0, else <c>αx</c>.</summary>
    /// <param name="alpha">α; finite, at least 0.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public static Activation LeakyRelu(double alpha = 0.01)
    {
        Guard.InRange(alpha, 0, double.PositiveInfinity);
        return new Activation(ActivationKind.LeakyRelu, alpha);
    }

    /// <summary><c>x</c> if x is above α, else 0.</summary>
    /// <param name="alpha">α; finite, at least 0.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public static Activation ThresholdedRelu(double alpha = 1)
    {
        Guard.InRange(alpha, 0, double.PositiveInfinity);
        return new Activation(ActivationKind.ThresholdedRelu, alpha);
    }

    /// <summary><c>α tanh(βx)</c>.</summary>
    /// <param name="alpha">α; finite, above 0.</param>
    /// <param name="beta">β; finite.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Activation ScaledTanh(double alpha, double beta)
    {
        Guard.AboveZero(alpha);
        Guard.InRange(beta, double.NegativeInfinity, double.PositiveInfinity);
        return new Activation(ActivationKind.ScaledTanh, alpha, beta);
    }

    /// <summary><c>min(1, max(0, αx + β))</c>; the defaults are ONNX's.</summary>
    /// <param name="alpha">α; finite.</param>
    /// <param name="beta">β; finite.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is infinite or NaN.</exception>
    public static Activation HardSigmoid(double alpha = 0.2, double beta = 0.5)
    {
        Guard.InRange(alpha, double.NegativeInfinity, double.PositiveInfinity);
        Guard.InRange(beta, double.NegativeInfinity, double.PositiveInfinity);
        return new Activation(ActivationKind.HardSigmoid, alpha, beta);
    }

    /// <summary><c>x</c> if x is above 0, else <c>α(eˣ − 1)</c>.</summary>
    /// <param name="alpha">α; finite, at least 0.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public static Activation Elu(double alpha = 1)
    {
        Guard.InRange(alpha, 0, double.PositiveInfinity);
        return new Activation(ActivationKind.Elu, alpha);
    }

    /// <summary>Says which function it is.</summary>
    /// <returns>For example <c>HardSigmoid, α = 0.2, β = 0.5</c>.</returns>
    public override string ToString() => FormattableString.Invariant(Function.Kind switch
    {
        ActivationKind.Affine or ActivationKind.ScaledTanh or ActivationKind.HardSigmoid => $"{Name}, α = {Alpha}, β = {Beta}",
        ActivationKind.LeakyRelu or ActivationKind.ThresholdedRelu or ActivationKind.Elu => $"{Name}, α = {Alpha}",
        _ => $"{Name}",
    });
}

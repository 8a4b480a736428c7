using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Optimizers;

/// <summary>Adam (Kingma and Ba 2014): steps along the mean gradient, in units of its root mean square.</summary>
/// <remarks>
/// <para>
/// With w a parameter, ∇ its accumulated gradient, m and v its mean gradient and mean square (0 at the start), η the
/// learning rate and λ the weight decay, step t (from 1) of a parameter is
/// </para>
/// <para>
/// <c>g = ∇ + λw</c>, <c>m ← β₁m + (1 − β₁)g</c>, <c>v ← β₂v + (1 − β₂)g²</c>,
/// <c>w ← w − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)</c>.
/// </para>
/// <para>
/// λ applies where <see cref="Parameter{T}.Decays"/>; biases are spared. These are the formulas of PyTorch's <c>Adam</c>. For
/// weight decay <see cref="AdamWOptimizer{T}"/> is the better choice.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public class AdamOptimizer<T> : Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly UpdateJob<T, Rule> _job = new();
    private readonly bool _decoupled;

    /// <summary>Makes an optimizer.</summary>
    /// <param name="options">The settings; the defaults if null.</param>
    public AdamOptimizer(AdamOptions? options = null)
        : this(options ?? new AdamOptions(), decoupled: false)
    {
    }

    private protected AdamOptimizer(AdamOptions options, bool decoupled)
        : base(options.LearningRate) => (Options, _decoupled) = (options, decoupled);

    /// <summary>
    /// The settings that the optimizer was made with; its learning rate now is <see cref="Optimizer{T}.LearningRate"/>.
    /// </summary>
    public AdamOptions Options { get; }

    /// <summary>Says what the optimizer is.</summary>
    /// <returns>For example <c>AdamOptimizer&lt;Single&gt;, learning rate 0.001, betas 0.9 and 0.999, weight decay 0</c>.</returns>
    public override string ToString() =>
        $"{Kind}<{typeof(T).Name}>, learning rate {LearningRate}, betas {Options.Beta1} and {Options.Beta2}, "
        + $"weight decay {Options.WeightDecay}";

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> MemoryNames { get; } = ["mean", "square"];

    /// <inheritdoc/>
    protected override void Update(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        OptimizerMemory<T> memory = Remember(parameter);
        double decay = parameter.Decays ? Options.WeightDecay : 0;
        _job.Run(parameter, new Rule(Options, LearningRate, decay, _decoupled, memory), Threads);
    }

    /// <summary>The formulas above for a vector of elements.</summary>
    private readonly struct Rule(
        AdamOptions options, double learningRate, double decay, bool decoupled, OptimizerMemory<T> memory) : IUpdateRule<T>
    {
        private readonly Vector<T> _gradientDecay = Elementwise.Of<T>(decoupled ? 0 : decay);
        private readonly Vector<T> _kept = Elementwise.Of<T>(decoupled ? 1 - (learningRate * decay) : 1);
        private readonly Vector<T> _beta1 = Elementwise.Of<T>(options.Beta1);
        private readonly Vector<T> _rest1 = Elementwise.Of<T>(1 - options.Beta1);
        private readonly Vector<T> _beta2 = Elementwise.Of<T>(options.Beta2);
        private readonly Vector<T> _rest2 = Elementwise.Of<T>(1 - options.Beta2);
        private readonly Vector<T> _epsilon = Elementwise.Of<T>(options.Epsilon);
        private readonly Vector<T> _rate = Elementwise.Of<T>(learningRate / (1 - Math.Pow(options.Beta1, memory.Steps)));
        private readonly Vector<T> _root = Elementwise.Of<T>(Math.Sqrt(1 - Math.Pow(options.Beta2, memory.Steps)));
        private readonly Vector<T>[] _mean = memory[0];
        private readonly Vector<T>[] _square = memory[1];

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Next(Vector<T> value, Vector<T> gradient, int n)
        {
            Vector<T> g = gradient + (_gradientDecay * value);
            Vector<T> mean = (_beta1 * _mean[n]) + (_rest1 * g);
            Vector<T> square = (_beta2 * _square[n]) + (_rest2 * g * g);
            (_mean[n], _square[n]) = (mean, square);
            return (_kept * value) - (_rate * mean / ((Vector.SquareRoot(square) / _root) + _epsilon));
        }
    }
}

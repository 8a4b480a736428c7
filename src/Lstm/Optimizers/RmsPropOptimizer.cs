using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Optimizers;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning"): steps in units of the root mean
/// square of the gradient.
/// </summary>
/// <remarks>
/// <para>
/// With w a parameter, ∇ its accumulated gradient, v its mean square, m its mean gradient and u its velocity (0 at the start),
/// η the learning rate, μ the momentum and λ the weight decay, a step is
/// </para>
/// <para>
/// <c>g = ∇ + λw</c>, <c>v ← αv + (1 − α)g²</c>, <c>u ← μu + g / (√v + ε)</c>, <c>w ← w − ηu</c>.
/// </para>
/// <para>
/// Centered, it is <c>m ← αm + (1 − α)g</c> and <c>√(v − m²) + ε</c>. λ applies where <see cref="Parameter{T}.Decays"/>;
/// biases are spared. These are the formulas of PyTorch's <c>RMSprop</c>.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RmsPropOptimizer<T> : Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly UpdateJob<T, Rule> _job = new();

    /// <summary>Makes an optimizer.</summary>
    /// <param name="options">The settings; the defaults if null.</param>
    public RmsPropOptimizer(RmsPropOptions? options = null)
        : base(options?.LearningRate ?? new RmsPropOptions().LearningRate)
    {
        Options = options ?? new RmsPropOptions();
        List<string> names = ["square"];
        if (Options.Momentum > 0)
        {
            names.Add("velocity");
        }

        if (Options.Centered)
        {
            names.Add("mean");
        }

        MemoryNames = names;
    }

    /// <summary>
    /// The settings that the optimizer was made with; its learning rate now is <see cref="Optimizer{T}.LearningRate"/>.
    /// </summary>
    public RmsPropOptions Options { get; }

    /// <summary>Says what the optimizer is.</summary>
    /// <returns>
    /// For example <c>RmsPropOptimizer&lt;Single&gt;, learning rate 0.01, smoothing 0.99, momentum 0, weight decay 0</c>.
    /// </returns>
    public override string ToString() =>
        $"{Kind}<{typeof(T).Name}>, learning rate {LearningRate}, smoothing {Options.Smoothing}, "
        + $"momentum {Options.Momentum}, weight decay {Options.WeightDecay}{(Options.Centered ? ", centered" : string.Empty)}";

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> MemoryNames { get; }

    /// <inheritdoc/>
    protected override void Update(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        OptimizerMemory<T> memory = Remember(parameter);
        double decay = parameter.Decays ? Options.WeightDecay : 0;
        _job.Run(parameter, new Rule(Options, LearningRate, decay, memory), Threads);
    }

    /// <summary>The formulas above for a vector of elements.</summary>
    private readonly struct Rule(
        RmsPropOptions options, double learningRate, double decay, OptimizerMemory<T> memory) : IUpdateRule<T>
    {
        private readonly Vector<T> _rate = Elementwise.Of<T>(learningRate);
        private readonly Vector<T> _decay = Elementwise.Of<T>(decay);
        private readonly Vector<T> _smoothing = Elementwise.Of<T>(options.Smoothing);
        private readonly Vector<T> _rest = Elementwise.Of<T>(1 - options.Smoothing);
        private readonly Vector<T> _epsilon = Elementwise.Of<T>(options.Epsilon);
        private readonly Vector<T> _momentum = Elementwise.Of<T>(options.Momentum);
        private readonly Vector<T>[] _square = memory[0];
        private readonly Vector<T>[] _velocity = options.Momentum > 0 ? memory[1] : [];
        private readonly Vector<T>[] _mean = options.Centered ? memory[options.Momentum > 0 ? 2 : 1] : [];

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Next(Vector<T> value, Vector<T> gradient, int n)
        {
            Vector<T> g = gradient + (_decay * value);
            Vector<T> square = (_smoothing * _square[n]) + (_rest * g * g);
            _square[n] = square;
            if (_mean.Length > 0)
            {
                Vector<T> mean = (_smoothing * _mean[n]) + (_rest * g);
                _mean[n] = mean;
                square -= mean * mean;
            }

            Vector<T> step = g / (Vector.SquareRoot(square) + _epsilon);
            if (_velocity.Length > 0)
            {
                step += _momentum * _velocity[n];
                _velocity[n] = step;
            }

            return value - (_rate * step);
        }
    }
}

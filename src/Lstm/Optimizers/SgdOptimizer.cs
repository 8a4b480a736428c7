using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Optimizers;

/// <summary>Stochastic gradient descent, with momentum, Nesterov's momentum and L2 as options.</summary>
/// <remarks>
/// <para>
/// With w a parameter, ∇ its accumulated gradient, v its velocity (0 at the start), η the learning rate, μ the momentum
/// and λ the weight decay, a step is
/// </para>
/// <para>
/// <c>g = ∇ + λw</c>, <c>v ← μv − ηg</c>, <c>w ← w + v</c>, or with Nesterov <c>w ← w + μv − ηg</c> (v after its
/// update).
/// </para>
/// <para>
/// λ applies where <see cref="Parameter{T}.Decays"/>; biases are spared. This is the form of Sutskever, Martens, Dahl and
/// Hinton (2013), with the gradient taken at w + μv, which is what w stands for here. As long as η stays the same, the
/// weights are those of PyTorch's <c>SGD</c>, whose velocity is −v/η; when η changes, the velocity here keeps its length.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SgdOptimizer<T> : Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly UpdateJob<T, Rule> _job = new();

    /// <summary>Makes an optimizer.</summary>
    /// <param name="options">The settings; the defaults if null.</param>
    /// <exception cref="ArgumentException">Nesterov is asked for without momentum.</exception>
    public SgdOptimizer(SgdOptions? options = null)
        : base(options?.LearningRate ?? new SgdOptions().LearningRate)
    {
        Options = options ?? new SgdOptions();
        if (Options.Nesterov && Options.Momentum == 0)
        {
            throw new ArgumentException(
                $"{nameof(options)} must have a Momentum above 0 for Nesterov, which looks ahead along the velocity, "
                + $"but it is {Options.Momentum}.",
                nameof(options));
        }
    }

    /// <summary>
    /// The settings that the optimizer was made with; its learning rate now is <see cref="Optimizer{T}.LearningRate"/>.
    /// </summary>
    public SgdOptions Options { get; }

    /// <summary>Says what the optimizer is.</summary>
    /// <returns>
    /// For example <c>SgdOptimizer&lt;Single&gt;, learning rate 0.1, momentum 0.9, weight decay 0.0001, Nesterov</c>.
    /// </returns>
    public override string ToString() =>
        $"SgdOptimizer<{typeof(T).Name}>, learning rate {LearningRate}, momentum {Options.Momentum}, "
        + $"weight decay {Options.WeightDecay}{(Options.Nesterov ? ", Nesterov" : string.Empty)}";

    /// <inheritdoc/>
    private protected override IReadOnlyList<string> MemoryNames { get; } = ["velocity"];

    /// <inheritdoc/>
    protected override void Update(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        double decay = parameter.Decays ? Options.WeightDecay : 0;

        // Without momentum there is no velocity to remember.
        Vector<T>[] velocity = Options.Momentum == 0 ? [] : Remember(parameter)[0];

        // w − η∇ changes nothing where the gradient is zero.
        bool touchedOnly = decay == 0 && Options.Momentum == 0;
        _job.Run(
            parameter, new Rule(LearningRate, decay, Options.Momentum, Options.Nesterov, velocity), Threads, touchedOnly);
    }

    /// <summary>The formulas above for a vector of elements.</summary>
    private readonly struct Rule(
        double learningRate, double decay, double momentum, bool nesterov, Vector<T>[] velocity) : IUpdateRule<T>
    {
        private readonly Vector<T> _minusRate = Elementwise.Of<T>(-learningRate);
        private readonly Vector<T> _minusRateDecay = Elementwise.Of<T>(-learningRate * decay);
        private readonly Vector<T> _momentum = Elementwise.Of<T>(momentum);
        private readonly bool _nesterov = nesterov;
        private readonly Vector<T>[] _velocity = velocity;

        /// <summary>Moves the velocity at n and returns the new values.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Next(Vector<T> value, Vector<T> gradient, int n)
        {
            Vector<T> step = (_minusRate * gradient) + (_minusRateDecay * value);
            if (_velocity.Length == 0)
            {
                return value + step;
            }

            Vector<T> velocity = (_momentum * _velocity[n]) + step;
            _velocity[n] = velocity;
            return value + (_nesterov ? (_momentum * velocity) + step : velocity);
        }
    }
}

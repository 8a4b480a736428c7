using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
    private readonly Dictionary<Parameter<T>, Vector<T>[]> _velocities = [];

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
    protected override void Update(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        double decay = parameter.Decays ? Options.WeightDecay : 0;
        var rule = new Rule(LearningRate, decay, Options.Momentum, Options.Nesterov, VelocityOf(parameter));
        Span<T> values = parameter.Values;
        Span<T> gradients = parameter.Gradients;
        Span<Vector<T>> valueVectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        ReadOnlySpan<Vector<T>> gradientVectors = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        for (int n = 0; n < valueVectors.Length; n++)
        {
            valueVectors[n] = rule.Next(valueVectors[n], gradientVectors[n], n);
        }

        int done = valueVectors.Length * Vector<T>.Count;
        if (done < values.Length)
        {
            // Less than a vector is left: it takes the same arithmetic, filled up with zeros.
            Span<T> value = stackalloc T[Vector<T>.Count];
            Span<T> gradient = stackalloc T[Vector<T>.Count];
            value.Clear();
            gradient.Clear();
            values.Slice(done).CopyTo(value);
            gradients.Slice(done).CopyTo(gradient);
            rule.Next(new Vector<T>(value), new Vector<T>(gradient), valueVectors.Length).CopyTo(value);
            value.Slice(0, values.Length - done).CopyTo(values.Slice(done));
        }
    }

    /// <summary>The velocity of a parameter, filled up to whole vectors; empty without momentum, which needs none.</summary>
    private Span<Vector<T>> VelocityOf(Parameter<T> parameter)
    {
        if (Options.Momentum == 0)
        {
            return [];
        }

        if (!_velocities.TryGetValue(parameter, out Vector<T>[]? velocity))
        {
            velocity = new Vector<T>[(parameter.Count + Vector<T>.Count - 1) / Vector<T>.Count];
            _velocities.Add(parameter, velocity);
        }

        return velocity;
    }

    /// <summary>The formulas above for a vector of elements.</summary>
    private readonly ref struct Rule(
        double learningRate, double decay, double momentum, bool nesterov, Span<Vector<T>> velocity)
    {
        private readonly Vector<T> _minusRate = Vector.Create(T.CreateTruncating(-learningRate));
        private readonly Vector<T> _minusRateDecay = Vector.Create(T.CreateTruncating(-learningRate * decay));
        private readonly Vector<T> _momentum = Vector.Create(T.CreateTruncating(momentum));
        private readonly bool _nesterov = nesterov;
        private readonly Span<Vector<T>> _velocity = velocity;

        /// <summary>Moves the velocity at n and returns the new values.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Next(Vector<T> value, Vector<T> gradient, int n)
        {
            Vector<T> step = (_minusRate * gradient) + (_minusRateDecay * value);
            if (_velocity.IsEmpty)
            {
                return value + step;
            }

            Vector<T> velocity = (_momentum * _velocity[n]) + step;
            _velocity[n] = velocity;
            return value + (_nesterov ? (_momentum * velocity) + step : velocity);
        }
    }
}

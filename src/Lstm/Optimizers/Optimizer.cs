using System.Numerics;

namespace Lstm.Optimizers;

/// <summary>Changes parameters along their accumulated gradients, so that the loss falls.</summary>
/// <remarks>
/// <para>
/// What an optimizer remembers of a parameter (a velocity, say) belongs to the optimizer. It is keyed by the parameter
/// itself, whatever its name or place in the list, and made when the parameter is first seen; after that a step
/// allocates nothing. Two optimizers share nothing.
/// </para>
/// <para>
/// A step reads the gradients and leaves them as they are: call <see cref="Parameter{T}.ZeroGradient"/> before the next
/// backward pass. Clipping is apart, in <see cref="GradientClipping"/>. An optimizer is for one thread at a time.
/// </para>
/// <para>
/// To write an optimizer of your own: derive, and override <see cref="Update"/>; and <see cref="Save"/> and
/// <see cref="Restore"/> if it remembers anything.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<Parameter<T>, OptimizerMemory<T>> _memory = [];

    /// <summary>Makes the common part of an optimizer.</summary>
    /// <param name="learningRate">η; finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative, infinite or NaN.</exception>
    protected Optimizer(double learningRate)
    {
        Guard.ElementType<T>();
        LearningRate = learningRate;
    }

    /// <summary>η, how far a step goes; finite, at least 0. It may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double LearningRate { get; set => field = Guard.InRange(value, 0, double.PositiveInfinity, nameof(LearningRate)); }

    /// <summary>
    /// The most threads that a step may use, from 1; the number of processors unless set. The results do not depend on it,
    /// down to the last bit. Small parameters are changed on one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads { get; set => field = Guard.Positive(value, nameof(Threads)); } = Environment.ProcessorCount;

    /// <summary>The names of the arrays that are remembered of each parameter.</summary>
    private protected virtual IReadOnlyList<string> MemoryNames => [];

    /// <summary>Changes the values of all parameters by one step.</summary>
    /// <param name="parameters">The parameters, each with its accumulated gradient. None twice; may be empty.</param>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentException">A parameter stands in the list twice.</exception>
    public void Step(IReadOnlyList<Parameter<T>> parameters)
    {
        ParameterList.Check(parameters);
        for (int n = 0; n < parameters.Count; n++)
        {
            Update(parameters[n]);
        }
    }

    /// <summary>
    /// Saves the learning rate and what is remembered of the parameters, so that an optimizer of the same kind goes on
    /// from there as this one would.
    /// </summary>
    /// <param name="parameters">The parameters; a place in this list stands for each.</param>
    /// <param name="snapshot">Where it is saved.</param>
    /// <exception cref="ArgumentNullException">The list, a parameter or <paramref name="snapshot"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter stands in the list twice.</exception>
    public virtual void Save(IReadOnlyList<Parameter<T>> parameters, Snapshot<T> snapshot)
    {
        ParameterList.Check(parameters);
        ArgumentNullException.ThrowIfNull(snapshot);
        snapshot.SetText("kind", Kind);
        snapshot.SetNumbers("learningRate", LearningRate);
        for (int n = 0; n < parameters.Count; n++)
        {
            if (_memory.TryGetValue(parameters[n], out OptimizerMemory<T>? memory))
            {
                snapshot.SetNumbers($"{n}.steps", memory.Steps);
                for (int array = 0; array < MemoryNames.Count; array++)
                {
                    snapshot.SetValues($"{n}.{MemoryNames[array]}", memory.Values(array));
                }
            }
        }
    }

    /// <summary>Restores what <see cref="Save"/> saved, in place of what there was.</summary>
    /// <param name="parameters">The parameters, in the order in which they were saved.</param>
    /// <param name="snapshot">What was saved.</param>
    /// <exception cref="ArgumentNullException">The list, a parameter or <paramref name="snapshot"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter stands in the list twice.</exception>
    /// <exception cref="InvalidDataException">
    /// The snapshot is of another kind of optimizer, or of other parameters. Nothing has been changed.
    /// </exception>
    public virtual void Restore(IReadOnlyList<Parameter<T>> parameters, Snapshot<T> snapshot)
    {
        ParameterList.Check(parameters);
        ArgumentNullException.ThrowIfNull(snapshot);
        string kind = snapshot.GetText("kind");
        if (kind != Kind)
        {
            throw new InvalidDataException($"What was saved is of an optimizer of kind {kind}, but this is {Kind}.");
        }

        double rate = snapshot.GetNumber("learningRate");
        if (!(rate >= 0 && double.IsFinite(rate)))
        {
            throw new InvalidDataException($"The learning rate that was saved is {rate}.");
        }

        var restored = new Dictionary<Parameter<T>, OptimizerMemory<T>>();
        for (int n = 0; n < parameters.Count; n++)
        {
            if (snapshot.Contains($"{n}.steps"))
            {
                var memory = new OptimizerMemory<T>(MemoryNames.Count, parameters[n].Count)
                {
                    Steps = snapshot.GetCount($"{n}.steps"),
                };
                for (int array = 0; array < MemoryNames.Count; array++)
                {
                    Span<T> values = memory.Values(array);
                    snapshot.GetValues($"{n}.{MemoryNames[array]}", values.Length).CopyTo(values);
                }

                restored.Add(parameters[n], memory);
            }
        }

        LearningRate = rate;
        _memory.Clear();
        foreach ((Parameter<T> parameter, OptimizerMemory<T> memory) in restored)
        {
            _memory.Add(parameter, memory);
        }
    }

    /// <summary>Changes the values of one parameter by one step.</summary>
    /// <param name="parameter">The parameter, with its accumulated gradient.</param>
    protected abstract void Update(Parameter<T> parameter);

    /// <summary><see cref="Update"/> by an optimizer that this one is a part of.</summary>
    internal void UpdateOne(Parameter<T> parameter) => Update(parameter);

    /// <summary>What is remembered of a parameter, with this step counted.</summary>
    private protected OptimizerMemory<T> Remember(Parameter<T> parameter)
    {
        if (!_memory.TryGetValue(parameter, out OptimizerMemory<T>? memory))
        {
            memory = new OptimizerMemory<T>(MemoryNames.Count, parameter.Count);
            _memory.Add(parameter, memory);
        }

        memory.Steps++;
        return memory;
    }

    private protected string Kind => GetType().Name.Split('`')[0];
}

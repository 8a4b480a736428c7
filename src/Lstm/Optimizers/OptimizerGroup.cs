using System.Numerics;

namespace Lstm.Optimizers;

/// <summary>Parameters with an optimizer of their own, as a part of a <see cref="GroupedOptimizer{T}"/>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class OptimizerGroup<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a group.</summary>
    /// <param name="optimizer">What changes the parameters, with its own learning rate and settings.</param>
    /// <param name="parameters">The parameters, each once.</param>
    /// <exception cref="ArgumentNullException">The optimizer, the list or a parameter is null.</exception>
    /// <exception cref="ArgumentException">A parameter stands in the list twice.</exception>
    public OptimizerGroup(Optimizer<T> optimizer, params IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ParameterList.Check(parameters);
        (Optimizer, Parameters) = (optimizer, [.. parameters]);
    }

    /// <summary>What changes the parameters.</summary>
    public Optimizer<T> Optimizer { get; }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }
}

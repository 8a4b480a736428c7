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
/// <para>To write an optimizer of one's own: derive, and override <see cref="Update"/>.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
    public double LearningRate
    {
        get;
        set
        {
            Guard.InRange(value, 0, double.PositiveInfinity, nameof(LearningRate));
            field = value;
        }
    }

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

    /// <summary>Changes the values of one parameter by one step.</summary>
    /// <param name="parameter">The parameter, with its accumulated gradient.</param>
    protected abstract void Update(Parameter<T> parameter);
}

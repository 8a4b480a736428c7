using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Optimizers;

/// <summary>
/// Keeps gradients from growing without bounds, as they may in recurrent networks (Pascanu, Mikolov and Bengio 2013).
/// It stands between the backward pass and the step of any optimizer, and allocates nothing.
/// </summary>
public static class GradientClipping
{
    /// <summary>Computes the norm of all gradients taken together as one vector, <c>√(Σ g²)</c>, in double.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters, each with its accumulated gradient. None twice; may be empty.</param>
    /// <returns>
    /// The norm; NaN or ∞ if a gradient is, or if the squares of double gradients are more than a double can hold.
    /// </returns>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentException">A parameter stands in the list twice.</exception>
    public static double GlobalNorm<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ParameterList.Check(parameters);
        double sum = 0;
        for (int n = 0; n < parameters.Count; n++)
        {
            foreach (Range touched in Touched(parameters[n]))
            {
                ReadOnlySpan<T> rest = parameters[n].UnmarkedGradients[touched];
                while (!rest.IsEmpty)
                {
                    int length = Math.Min(TouchedBlocks.Length, rest.Length);
                    sum += SquareSum.Of(rest.Slice(0, length));
                    rest = rest.Slice(length);
                }
            }
        }

        return Math.Sqrt(sum);
    }

    /// <summary>
    /// Scales all gradients by maximum / norm if their <see cref="GlobalNorm"/> is above the maximum; their direction
    /// stays.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters, each with its accumulated gradient. None twice; may be empty.</param>
    /// <param name="maximum">The largest norm; finite, above 0.</param>
    /// <returns>The norm before clipping.</returns>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentException">A parameter stands in the list twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is 0, negative, infinite or NaN.</exception>
    /// <exception cref="ArithmeticException">The norm is NaN or infinite. Nothing has been changed.</exception>
    public static double ByGlobalNorm<T>(IReadOnlyList<Parameter<T>> parameters, double maximum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Guard.AboveZero(maximum);
        double norm = GlobalNorm(parameters);
        CheckFinite(norm, parameters);
        if (norm > maximum)
        {
            T scale = T.CreateTruncating(maximum / norm);
            for (int n = 0; n < parameters.Count; n++)
            {
                foreach (Range touched in Touched(parameters[n]))
                {
                    Span<T> gradients = parameters[n].UnmarkedGradients[touched];
                    TensorPrimitives.Multiply(gradients, scale, gradients);
                }
            }
        }

        return norm;
    }

    /// <summary>Moves every element of every gradient into [−limit, limit].</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters, each with its accumulated gradient. None twice; may be empty.</param>
    /// <param name="limit">The largest magnitude; finite, above 0.</param>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentException">A parameter stands in the list twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0, negative, infinite or NaN.</exception>
    /// <exception cref="ArithmeticException">An element is NaN or infinite. Nothing has been changed.</exception>
    public static void ByValue<T>(IReadOnlyList<Parameter<T>> parameters, double limit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ParameterList.Check(parameters);
        Guard.AboveZero(limit);
        ThrowIfNotFinite(parameters);
        T high = T.CreateTruncating(limit);
        for (int n = 0; n < parameters.Count; n++)
        {
            foreach (Range touched in Touched(parameters[n]))
            {
                Span<T> gradients = parameters[n].UnmarkedGradients[touched];
                TensorPrimitives.Clamp(gradients, -high, high, gradients);
            }
        }
    }

    /// <summary><see cref="ByGlobalNorm{T}(IReadOnlyList{Parameter{T}}, double)"/> on several threads, to the same bits.</summary>
    internal static double ByGlobalNorm<T>(
        IReadOnlyList<Parameter<T>> parameters, double maximum, GradientPass<T> pass, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double norm = pass.GlobalNorm(parameters, threads);
        CheckFinite(norm, parameters);
        if (norm > maximum)
        {
            pass.Scale(parameters, T.CreateTruncating(maximum / norm), threads);
        }

        return norm;
    }

    private static void CheckFinite<T>(double norm, IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!double.IsFinite(norm))
        {
            ThrowIfNotFinite(parameters);
            throw new ArithmeticException(
                "The norm of the gradients is infinite: their squares are more than a double can hold.");
        }
    }

    /// <summary>Names the first element that is NaN or infinite.</summary>
    private static void ThrowIfNotFinite<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n < parameters.Count; n++)
        {
            foreach (Range touched in Touched(parameters[n]))
            {
                ThrowIfNotFinite(parameters[n], touched);
            }
        }
    }

    private static void ThrowIfNotFinite<T>(Parameter<T> parameter, Range range)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> gradients = parameter.UnmarkedGradients;
        if (T.IsFinite(TensorPrimitives.MaxMagnitude(gradients[range])))
        {
            return;
        }

        int at = range.Start.Value;
        while (T.IsFinite(gradients[at]))
        {
            at++;
        }

        int rows = parameter.Rows;
        throw new ArithmeticException(
            $"The gradient of {parameter} is {gradients[at]} at row {at % rows}, column {at / rows}.");
    }

    private static TouchedBlocks.Ranges Touched<T>(Parameter<T> parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => parameter.Touched.Within(0, parameter.Touched.Count);
}

using System.Numerics;

namespace Lstm.Optimizers;

/// <summary>The check of a list of parameters, before anything in it is changed.</summary>
internal static class ParameterList
{
    public static void Check<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        for (int n = 0; n < parameters.Count; n++)
        {
            if (parameters[n] is null)
            {
                throw new ArgumentNullException(nameof(parameters), $"{nameof(parameters)}[{n}] is null.");
            }

            // Few enough that comparing all pairs costs less than a set that would have to be kept.
            for (int other = 0; other < n; other++)
            {
                if (ReferenceEquals(parameters[other], parameters[n]))
                {
                    throw new ArgumentException(
                        $"{nameof(parameters)} must be different, but {parameters[n]} stands at {other} and at {n}.",
                        nameof(parameters));
                }
            }
        }
    }
}

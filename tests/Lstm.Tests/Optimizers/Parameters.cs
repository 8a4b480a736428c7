using System.Numerics;

namespace Lstm.Tests.Optimizers;

/// <summary>Makes parameters of given numbers.</summary>
internal static class Parameters
{
    public static Parameter<T> Of<T>(T[] values, T[] gradients, bool decays = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameter = new Parameter<T>("Weights", values.Length, 1, decays);
        values.CopyTo(parameter.Values);
        gradients.CopyTo(parameter.Gradients);
        return parameter;
    }
}

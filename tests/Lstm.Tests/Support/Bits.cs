using System.Numerics;
using Lstm.Layers;

namespace Lstm.Tests.Support;

/// <summary>All numbers of something, for comparisons to the last bit.</summary>
internal static class Bits
{
    public static T[] Of<T>(LayerState<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. state.Parts.SelectMany(part => part.Values.ToArray())];

    public static T[] OfValues<T>(Layer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. layer.Parameters.SelectMany(parameter => parameter.ReadOnlyValues.ToArray())];

    public static T[] OfGradients<T>(Layer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. layer.Parameters.SelectMany(parameter => parameter.Gradients.ToArray())];
}

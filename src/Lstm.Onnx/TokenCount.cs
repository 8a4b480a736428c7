using System.Numerics;
using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Onnx;

/// <summary>Whether a layer's input are tokens, and how many different ones.</summary>
internal static class TokenCount
{
    /// <summary>The different tokens; null if the layer takes numbers.</summary>
    public static int? Of<T>(Layer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => layer switch
        {
            EmbeddingLayer<T> embedding => embedding.Tokens,
            OneHotLayer<T> oneHot => oneHot.Outputs,
            Network<T> network => Of(network.Layers[0]),
            BidirectionalLayer<T> both => Of(both.ForwardLayer),
            WrapperLayer<T> wrapper => Of(wrapper.Inner),
            _ => null,
        };
}

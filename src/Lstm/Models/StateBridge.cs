using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// Hands the state of one stack of LSTM layers to another of as many layers and units, whatever memoryless layers stand
/// between them: their states have the same parts in the same order.
/// </summary>
internal sealed class StateBridge<T>(Layer<T> encoder, Layer<T> decoder)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<int, LayerState<T>> _decoderStates = [];
    private readonly Dictionary<int, LayerState<T>> _encoderStates = [];

    /// <summary>The decoder's state with the encoder's numbers. It belongs to the bridge.</summary>
    public LayerState<T> ToDecoder(LayerState<T> state) => Hand(state, decoder, _decoderStates);

    /// <summary>The encoder's state with the decoder's numbers. It belongs to the bridge.</summary>
    public LayerState<T> ToEncoder(LayerState<T> state) => Hand(state, encoder, _encoderStates);

    public static void Copy(LayerState<T> from, LayerState<T> to)
    {
        for (int n = 0; n < from.Parts.Count; n++)
        {
            from.Parts[n].Values.CopyTo(to.Parts[n].Values);
        }
    }

    /// <summary>The hidden state of the last LSTM layer, whose parts are h and c.</summary>
    public static Span<T> TopHidden(LayerState<T> state) => state.Parts[^2].Values;

    private static LayerState<T> Hand(LayerState<T> state, Layer<T> layer, Dictionary<int, LayerState<T>> states)
    {
        if (!states.TryGetValue(state.Batch, out LayerState<T>? handed))
        {
            handed = layer.CreateState(state.Batch);
            states.Add(state.Batch, handed);
        }

        Copy(state, handed);
        return handed;
    }
}

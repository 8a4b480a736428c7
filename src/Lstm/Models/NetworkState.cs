using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>The state of a network: the states of its layers, in order.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class NetworkState<T> : LayerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal NetworkState(int batch, IReadOnlyList<LayerState<T>> layers)
        : base(batch, [.. layers.SelectMany((layer, n) => layer.Parts.Select(part => new StatePart<T>($"{n}.{part.Name}", part)))])
    {
        Layers = layers;
    }

    /// <summary>The states of the layers, in order. A layer without memory has a state of no parts.</summary>
    public IReadOnlyList<LayerState<T>> Layers { get; }

    /// <summary>Copies the state.</summary>
    /// <returns>A state of the same numbers that shares nothing with this one.</returns>
    public new NetworkState<T> Clone() => (NetworkState<T>)base.Clone();

    /// <summary>Whether the other is of a network of layers with states of the same kinds and features.</summary>
    internal override bool HasPartsOf(LayerState<T> other)
    {
        bool same = other is NetworkState<T> network && network.Layers.Count == Layers.Count;
        for (int n = 0; same && n < Layers.Count; n++)
        {
            LayerState<T> layer = ((NetworkState<T>)other).Layers[n];
            same = layer.GetType() == Layers[n].GetType() && layer.HasPartsOf(Layers[n]);
        }

        return same;
    }

    internal override LayerState<T> CreateSame(int batch) =>
        new NetworkState<T>(batch, [.. Layers.Select(layer => layer.CreateSame(batch))]);
}

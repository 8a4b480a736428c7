using System.Numerics;

namespace Lstm.Layers;

/// <summary>The state of a layer that is made of layers: the states of those, in order.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CompositeState<T> : LayerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string[] _names;

    /// <summary>Makes a state of states; each part is named after its state, as in <c>Forward.Hidden</c>.</summary>
    internal CompositeState(int batch, params IReadOnlyList<(string Name, LayerState<T> State)> states)
        : base(
            batch,
            [.. states.SelectMany(s => s.State.Parts.Select(part => new StatePart<T>($"{s.Name}.{part.Name}", part)))])
    {
        _names = [.. states.Select(s => s.Name)];
        Layers = [.. states.Select(s => s.State)];
    }

    /// <summary>The states of the layers, in order. A layer without memory has a state of no parts.</summary>
    public IReadOnlyList<LayerState<T>> Layers { get; }

    /// <summary>Copies the state.</summary>
    /// <returns>A state of the same numbers that shares nothing with this one.</returns>
    public new CompositeState<T> Clone() => (CompositeState<T>)base.Clone();

    /// <summary>Whether the other is of as many layers, with states of the same kinds and features.</summary>
    internal override bool HasPartsOf(LayerState<T> other)
    {
        bool same = other is CompositeState<T> composite && composite.Layers.Count == Layers.Count;
        for (int n = 0; same && n < Layers.Count; n++)
        {
            LayerState<T> layer = ((CompositeState<T>)other).Layers[n];
            same = layer.GetType() == Layers[n].GetType() && layer.HasPartsOf(Layers[n]);
        }

        return same;
    }

    internal override LayerState<T> CreateSame(int batch) =>
        new CompositeState<T>(batch, [.. Layers.Select((layer, n) => (_names[n], layer.CreateSame(batch)))]);

    /// <summary>The state of one of the layers; none of none.</summary>
    internal static LayerState<T>? Of(LayerState<T>? state, int layer) => ((CompositeState<T>?)state)?.Layers[layer];
}

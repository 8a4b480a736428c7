using System.Numerics;
using Lstm.Layers;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Conversion;

/// <summary>
/// A place on the way from the input to the output: the layer that stands there, or a part of one that waits for the rest,
/// and the place before it. Ways may part and meet again.
/// </summary>
internal sealed class Stage<T>(Stage<T>? before, int features, NodeData? node)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The place before; null at the input.</summary>
    public Stage<T>? Before => before;

    /// <summary>The features there; 0 if they are not known.</summary>
    public int Features => features;

    /// <summary>The node that the layer comes from; null at the input.</summary>
    public NodeData? Node => node;

    /// <summary>The layer; null where there is none, or none yet.</summary>
    public Layer<T>? Layer { get; init; }

    /// <summary>What stands there in place of a layer.</summary>
    public Fragment Fragment { get; init; }

    /// <summary>Whether the layer is a product to which a bias may be added.</summary>
    public bool AwaitsBias { get; init; }

    /// <summary>The places from after another one up to this one; null if this one does not come after it.</summary>
    public List<Stage<T>>? Since(Stage<T> other)
    {
        List<Stage<T>> stages = [];
        for (Stage<T>? stage = this; stage != other; stage = stage.Before)
        {
            if (stage is null)
            {
                return null;
            }

            stages.Add(stage);
        }

        stages.Reverse();
        return stages;
    }

    /// <summary>The last place that is on the way to this one and to another.</summary>
    public Stage<T> Parting(Stage<T> other)
    {
        var own = new HashSet<Stage<T>>();
        for (Stage<T>? stage = this; stage is not null; stage = stage.Before)
        {
            own.Add(stage);
        }

        // Both ways begin at the input.
        Stage<T> parting = other;
        while (!own.Contains(parting))
        {
            parting = parting.Before!;
        }

        return parting;
    }
}

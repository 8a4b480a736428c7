using Lstm.Layers;

namespace Lstm.Onnx.Conversion;

internal sealed partial class NetworkReader<T>
{
    private static Meaning<T> Concat(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.Signals[0];
        if (part.Signals.Count < part.Inputs.Length)
        {
            throw part.Refuse("it puts something beside the features that no layer gives");
        }

        int axis = part.Place(part.Attributes.Integer("axis", 1), x.Axes.Length);
        return part.Signals.All(signal => signal.Axes == "DBF") && axis == 0
            ? new Meaning<T>.Stacked(part.Signals)
            : part.Signals is [_, var second] && x.Axes[axis] == 'F'
                ? Both(part, x, second, Merge.Concatenate)
                : throw part.Refuse("it does not put the features of two directions beside each other");
    }

    private static Meaning<T>.Signal Mul(NodePart<T> part)
    {
        if (part.Signals is [var first, var second])
        {
            return Both(part, first, second, Merge.Multiply);
        }

        // The half of a sum.
        Meaning<T>.Signal x = part.Signals[0];
        OnnxTensor<T>? factor = part.Constant(part.Inputs[0] == x ? 1 : 0);
        return factor is { IsInteger: false, Count: 1 } && factor.Values[0] == T.CreateTruncating(0.5)
            && x.Stage.Layer is BidirectionalLayer<T> { Merge: Merge.Sum } sum
                ? part.After(x, x.Axes, new BidirectionalLayer<T>(sum.ForwardLayer, sum.BackwardLayer, Merge.Average), x.Stage.Before)
                : throw part.Refuse("it multiplies by something else than the half of two directions");
    }

    private Meaning<T>.Signal Add(NodePart<T> part)
    {
        if (part.Signals is [var first, var second])
        {
            Stage<T> parting = first.Stage.Parting(second.Stage);
            return parting == first.Stage ? Residual(part, first, second)
                : parting == second.Stage ? Residual(part, second, first)
                : Both(part, first, second, Merge.Sum);
        }

        Meaning<T>.Signal x = part.Signals[0];
        return part.Inputs.OfType<Meaning<T>.Fixed>().FirstOrDefault() is { } constant ? WithBias(part, x, constant.Tensor)
            : x.Stage.Fragment == Fragment.Sum ? x
            : throw part.Refuse("it adds something that no layer gives");
    }

    /// <summary>x + f(x).</summary>
    private static Meaning<T>.Signal Residual(NodePart<T> part, Meaning<T>.Signal x, Meaning<T>.Signal sum) =>
        x.Axes == sum.Axes && sum.Stage.Since(x.Stage) is { Count: > 0 } inner
            ? part.After(x, x.Axes, new ResidualLayer<T>(LayerOf(inner)))
            : throw part.Refuse("it does not add an input to what layers make of it");

    /// <summary>Two directions that begin at the same place, the second from the last step.</summary>
    private static Meaning<T>.Signal Both(NodePart<T> part, Meaning<T>.Signal first, Meaning<T>.Signal second, Merge merge)
    {
        Stage<T> parting = first.Stage.Parting(second.Stage);
        List<Stage<T>>[] ways = [first.Stage.Since(parting)!, second.Stage.Since(parting)!];
        if (merge != Merge.Concatenate && ways[0] is [{ Layer: ReverseLayer<T> }])
        {
            ways = [ways[1], ways[0]];
        }

        return first.Axes == second.Axes && ways[0].Count > 0 && ways[1] is [{ Layer: ReverseLayer<T> backward }]
            ? part.After(first, first.Axes, new BidirectionalLayer<T>(LayerOf(ways[0]), backward.Inner, merge), parting)
            : throw part.Refuse("it does not bring together a layer and one that runs from the last step");
    }
}

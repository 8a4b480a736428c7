using Lstm.Layers;

namespace Lstm.Onnx.Conversion;

internal sealed partial class NetworkReader<T>
{
    private static Meaning<T>.Signal Transpose(NodePart<T> part)
    {
        string axes = part.First.Axes;
        int[] order =
        [
            .. (part.Attributes.Integers("perm") ?? [.. Enumerable.Range(0, axes.Length).Reverse().Select(axis => (long)axis)])
                .Select(axis => part.Place(axis, axes.Length)),
        ];
        return order.Length == axes.Length
            ? part.First.With(string.Concat(order.Select(axis => axes[axis])))
            : throw part.Refuse($"its perm is of {order.Length} dimensions, its input of {axes.Length}");
    }

    private static Meaning<T>.Signal Squeeze(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.First;
        int[] chosen = part.Integers("axes", 1) is { } named
            ? [.. named.Select(axis => part.Place(axis, x.Axes.Length))]
            : throw part.Refuse("it does not say which axes to leave out");
        return chosen.All(axis => x.IsSingle(x.Axes[axis]))
            ? x.With(string.Concat(x.Axes.Where((_, axis) => !chosen.Contains(axis))))
            : throw part.Refuse("it leaves out a dimension that may be more than 1");
    }

    private static Meaning<T>.Signal Unsqueeze(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.First;
        return part.Integers("axes", 1) is [long axis] && x.Axes.IndexOfAny(['T', 'L', 'D']) < 0
            ? x.With(x.Axes.Insert(part.Place(axis, x.Axes.Length + 1), "L"))
            : throw part.Refuse("it adds dimensions to every step");
    }

    /// <summary>The two directions beside each other, as a Bidirectional layer gives them. That it is so is proven at the end.</summary>
    private static Meaning<T>.Signal Reshape(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.First;
        int rank = part.Constant(1) is { IsInteger: true } shape ? shape.Count : throw part.Refuse("its shape is not constant");
        bool joins = x.Axes.EndsWith("DF", StringComparison.Ordinal) || (x.Axes.Contains('D', StringComparison.Ordinal) && x.IsSingle('D'));
        return rank == x.Axes.Length ? x
            : rank == x.Axes.Length - 1 && joins ? x.With(x.Axes.Replace("D", string.Empty, StringComparison.Ordinal))
            : throw part.Refuse("it is not for bringing two directions together");
    }

    /// <summary>The last step, or the only one of a dimension.</summary>
    private static Meaning<T>.Signal OneStep(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.First;
        int axis = part.Place(part.Attributes.Integer("axis", 0), x.Axes.Length);
        if (part.Constant(1) is not { IsInteger: true, Count: 1 } index || index.Sizes.Length > 1)
        {
            throw part.Refuse("it takes several parts");
        }

        bool keeps = index.Sizes.Length == 1;
        char letter = x.Axes[axis];
        string axes = x.Axes.Remove(axis, 1);
        if (x.IsSingle(letter) && index.Whole[0] is 0 or -1)
        {
            return keeps ? x : x.With(axes);
        }

        return letter == 'T' && index.Whole[0] == -1
            ? part.After(x, keeps ? axes.Insert(axis, "L") : axes, new LastStepLayer<T>(x.Stage.Features))
            : throw part.Refuse("what it takes is not the last step");
    }

    /// <summary>The last step, or the steps turned round.</summary>
    private static Meaning<T>.Signal Slice(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.First;
        (long[]? starts, long[]? ends) = (part.Integers("starts", 1), part.Integers("ends", 2));
        (long[]? axes, long[]? steps) = (part.Integers("axes", 3), part.Integers("steps", 4));
        if (starts is not [long start] || ends is not [long end] || axes is not (null or [_]) || steps is not (null or [_]))
        {
            throw part.Refuse("it is along several dimensions");
        }

        int axis = part.Place(axes?[0] ?? 0, x.Axes.Length);
        if (x.Axes[axis] is not ('T' or 'L'))
        {
            throw part.Refuse("it is not along the steps");
        }

        return (start, end, steps?[0] ?? 1) switch
        {
            (0, >= int.MaxValue, 1) => x,
            (-1, >= int.MaxValue, 1) when x.Axes[axis] == 'L' => x,
            (-1, >= int.MaxValue, 1) => part.After(x, x.Axes.Remove(axis, 1).Insert(axis, "L"), new LastStepLayer<T>(x.Stage.Features)),
            (-1, <= int.MinValue, -1) => Reversed(part, x),
            _ => throw part.Refuse("what it takes is neither the last step nor all of them turned round"),
        };
    }

    /// <summary>The steps of each sequence turned round within its length.</summary>
    private static Meaning<T>.Signal ReverseSequence(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.First;
        (long time, long batch) = (part.Attributes.Integer("time_axis", 0), part.Attributes.Integer("batch_axis", 1));
        return part.Inputs is [_, Meaning<T>.Lengths] && x.Axes[part.Place(time, x.Axes.Length)] == 'T' && x.Axes[part.Place(batch, x.Axes.Length)] == 'B'
            ? Reversed(part, x)
            : throw part.Refuse("it does not turn round the steps of sequences whose lengths are an input");
    }

    /// <summary>
    /// What is put after the ends of sequences makes no difference to a network, which has its mask. Of a choice of each
    /// sequence's last step the rest follows. That the choice is this is proven at the end.
    /// </summary>
    private Meaning<T>.Signal Padding(NodePart<T> part, Meaning<T>.Signal x) =>
        _givers.GetValueOrDefault(part.Node.Inputs[0])?.Operator == "Equal" ? part.After(x, x.Axes, Fragment.Ends) : x;

    /// <summary>The steps turned round, or turned back, and then a layer of all layers in between.</summary>
    private static Meaning<T>.Signal Reversed(NodePart<T> part, Meaning<T>.Signal x)
    {
        Stage<T>? turned = x.Stage;
        while (turned is not null && turned.Fragment != Fragment.Reversal)
        {
            turned = turned.Before;
        }

        return turned is null || turned == x.Stage
            ? part.After(x, x.Axes, Fragment.Reversal)
            : part.After(x, x.Axes, new ReverseLayer<T>(LayerOf(x.Stage.Since(turned)!)), turned.Before);
    }

    private static Meaning<T>.Signal Reduce(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.First;
        bool keeps = part.Attributes.Flag("keepdims", true);
        int axis = part.Integers("axes", 1) is [long named]
            ? part.Place(named, x.Axes.Length)
            : throw part.Refuse("it is over several dimensions");
        if (x.Axes[axis] != 'T')
        {
            throw part.Refuse("it is not over the steps");
        }

        string axes = x.Axes.Remove(axis, 1).Insert(axis, keeps ? "L" : string.Empty);
        int features = x.Stage.Features;
        return part.Node.Operator switch
        {
            "ReduceMean" => part.After(x, axes, new PoolLayer<T>(features, Pooling.Mean)),
            "ReduceMax" => part.After(x, axes, new PoolLayer<T>(features, Pooling.Maximum)),
            _ when x.Stage.Fragment == Fragment.Ends => part.After(x, axes, new LastStepLayer<T>(features), x.Stage.Before),
            _ => part.After(x, axes, Fragment.Sum),
        };
    }

    /// <summary>What is left of a mean or a maximum that goes on from earlier steps, whose sum and number are a state.</summary>
    private static Meaning<T>.Signal Pool(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.Signals[0];
        bool sameSignals = part.Signals.All(signal => signal.Stage == x.Stage);
        bool onlyAsides = part.Inputs.All(input => input is Meaning<T>.Signal or Meaning<T>.Aside);
        return (part.Node.Operator, x.Stage) switch
        {
            ("Div", { Fragment: Fragment.Sum }) when onlyAsides && part.Signals.Count == 1 =>
                part.After(x, x.Axes, new PoolLayer<T>(x.Stage.Features, Pooling.Mean), x.Stage.Before),
            ("Max" or "Where", { Layer: PoolLayer<T> { Pooling: Pooling.Maximum } }) when onlyAsides && sameSignals => x,
            _ => throw part.Refuse("there is no layer for it"),
        };
    }
}

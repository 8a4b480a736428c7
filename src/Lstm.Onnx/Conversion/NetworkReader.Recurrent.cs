using Lstm.Layers;
using Lstm.Models;
using Lstm.Onnx.Operators;

namespace Lstm.Onnx.Conversion;

internal sealed partial class NetworkReader<T>
{
    private void ReadRecurrent(NodePart<T> part)
    {
        RecurrentNode<T> node = RecurrentOperators<T>.Create(part.Attributes);
        part.Attributes.CheckAllTaken();
        Meaning<T>.Signal x = part.First;
        string wanted = node.BatchFirst ? "BTF" : "TBF";
        string axes = x.Axes.Replace('L', 'T');
        if (axes is "BTF" or "TBF" && axes != wanted)
        {
            _isOtherOrder = true;
            return;
        }

        if (axes != wanted)
        {
            throw part.Refuse("its input is not every step of every sequence");
        }

        if (part.Inputs.ElementAtOrDefault(RecurrentNode<T>.LengthInput) is not (null or Meaning<T>.Lengths))
        {
            throw part.Refuse("its lengths of sequences are not an input of the model, which a network is given as a mask of its input");
        }

        RecurrentWeights<T> weights = node.Weights(part.Constant, part.Refuse) with
        {
            InitialHidden = Start(part, RecurrentNode<T>.StateInput),
            InitialCell = Start(part, RecurrentNode<T>.StateInput + 1),
        };
        if (part.Node.Operator != "LSTM" && weights.InitialHidden is not null)
        {
            throw part.Refuse("its state at the start is a constant, which of this library's layers only LSTMs learn");
        }

        if (node.Problem(weights) is string problem)
        {
            throw part.Refuse(problem);
        }

        Layer<T>[] layers = node.CreateLayers(weights);
        Layer<T> layer = layers is [var forward, ReverseLayer<T> backward] ? new BidirectionalLayer<T>(forward, backward.Inner) : layers[0];
        SetOutput(part, 0, part.After(x, x.Axes.Insert(node.BatchFirst ? 2 : 1, "D"), layer));
        SetOutput(part, 1, Final(layer) is Layer<T> final
            ? part.After(x, node.BatchFirst ? "BDF" : "DBF", final)
            : new Meaning<T>.Unusable("it takes the final state of two directions"));
        SetOutput(part, 2, new Meaning<T>.Unusable("it takes the cell state of an LSTM"));
    }

    /// <summary>A layer that gives the final state of another, of an LSTM the hidden one; null for two directions.</summary>
    private static Layer<T>? Final(Layer<T> layer) => layer switch
    {
        BidirectionalLayer<T> => null,
        ReverseLayer<T> reverse => new ReverseLayer<T>(new Network<T>(reverse.Inner, new LastStepLayer<T>(reverse.Outputs))),
        _ => new Network<T>(layer, new LastStepLayer<T>(layer.Outputs)),
    };

    private void SetOutput(NodePart<T> part, int n, Meaning<T> meaning)
    {
        if (n < part.Node.Outputs.Count)
        {
            _meanings[part.Node.Outputs[n]] = meaning;
        }
    }

    /// <summary>The state at the start, if it is a constant other than zeros.</summary>
    private static OnnxTensor<T>? Start(NodePart<T> part, int n)
    {
        OnnxTensor<T>? start = n >= part.Inputs.Length ? null : part.Inputs[n] switch
        {
            Meaning<T>.Aside aside => aside.Source,
            Meaning<T>.Fixed constant => constant.Tensor,
            null => null,
            _ => throw part.Refuse("its state at the start comes from the input"),
        };
        return start is { IsInteger: false } && start.Values.ContainsAnyExcept(T.Zero) ? start : null;
    }

    /// <summary>One of several final states.</summary>
    private static Meaning<T>.Signal Picked(NodePart<T> part, Meaning<T>.Stacked stack)
    {
        if (part.Node.Operator != "Gather" || part.Attributes.Integer("axis", 0) != 0
            || part.Constant(1) is not { IsInteger: true, Count: 1 } index)
        {
            throw part.Refuse("it takes the final states of several layers");
        }

        int place = part.Place(index.Whole[0], stack.Parts.Count);
        return stack.Parts[place].With(index.Sizes.Length == 0 ? "BF" : "DBF");
    }
}

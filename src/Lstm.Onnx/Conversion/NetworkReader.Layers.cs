using System.Numerics.Tensors;
using Lstm.Layers;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Conversion;

internal sealed partial class NetworkReader<T>
{
    private const double DefaultDropout = 0.5;

    private Meaning<T>.Signal Embedding(NodePart<T> part, OnnxTensor<T> table)
    {
        Meaning<T>.Signal tokens = Tokens(part, 1);
        if (table.IsInteger || table.Sizes is not [int count, int size] || part.Attributes.Integer("axis", 0) != 0)
        {
            throw part.Refuse("its first input is not a vector for each token");
        }

        var layer = new EmbeddingLayer<T>(count, size, 0, Initializer.Zeros);
        layer.Weights.CopyFrom(table.Values);
        _embeddings[part.Node.Inputs[0]] = layer;
        return part.After(tokens, tokens.Axes + "F", layer);
    }

    private static Meaning<T>.Signal OneHot(NodePart<T> part)
    {
        Meaning<T>.Signal tokens = Tokens(part, 0);
        bool plain = part.Attributes.Integer("axis", -1) is -1 or 2
            && part.Constant(2) is { IsInteger: false, Count: 2 } values && values.Values[0] == T.Zero && values.Values[1] == T.One;
        return plain && part.Constant(1) is { IsInteger: true, Count: 1 } depth && depth.Whole[0] is > 0 and <= int.MaxValue
            ? part.After(tokens, tokens.Axes + "F", new OneHotLayer<T>((int)depth.Whole[0]))
            : throw part.Refuse("it does not put a 1 in the place of each token and 0 elsewhere, in the last dimension");
    }

    /// <summary>An input of tokens: the network's, before any layer.</summary>
    private static Meaning<T>.Signal Tokens(NodePart<T> part, int n) =>
        part.Inputs[n] is Meaning<T>.Signal { Stage.Before: null, Axes: "TB" or "BT" } tokens
            ? tokens
            : throw part.Refuse("what it takes as tokens is not the input of the model");

    private static Meaning<T>.Signal Dropout(NodePart<T> part)
    {
        Meaning<T>.Signal x = part.First;
        double rate = part.Attributes.Number("ratio", float.NaN) is float given && !float.IsNaN(given)
            ? given
            : part.Constant(1) is { IsInteger: false, Count: 1 } ratio ? double.CreateTruncating(ratio.Values[0]) : DefaultDropout;
        return part.After(x, x.Axes, new DropoutLayer<T>(x.Stage.Features, rate));
    }

    private Meaning<T>.Signal Product(NodePart<T> part)
    {
        if (part.Constant(1) is not { IsInteger: false, Sizes: [int inputs, int outputs] } weights)
        {
            throw part.Refuse("its second input is not a matrix");
        }

        EmbeddingLayer<T>? tied =
            _givers.TryGetValue(part.Node.Inputs[1], out NodeData? giver) && giver is { Operator: "Transpose", Inputs: [string source] }
                ? _embeddings.GetValueOrDefault(source)
                : null;
        if (tied is not null && tied.Weights.ReadOnlyValues.SequenceEqual(Transposed(weights.Numbers, inputs, outputs)))
        {
            return Dense(part, new DenseLayer<T>(tied), awaitsBias: true);
        }

        // Row by row here is column by column there.
        var layer = new DenseLayer<T>(inputs, outputs, 0, Initializer.Zeros);
        layer.Weights.CopyFrom(weights.Values);
        return Dense(part, layer, awaitsBias: true);
    }

    private Meaning<T>.Signal Gemm(NodePart<T> part)
    {
        (float alpha, float beta) = (part.Attributes.Number("alpha", 1), part.Attributes.Number("beta", 1));
        bool turned = part.Attributes.Flag("transB");
        if (part.Attributes.Flag("transA") || part.Constant(1) is not { IsInteger: false, Sizes: [int rows, int columns] } weights)
        {
            throw part.Refuse("its second input is not a matrix, or its first one is transposed");
        }

        (int inputs, int outputs) = turned ? (columns, rows) : (rows, columns);
        bool isTied = turned && alpha == 1 && _embeddings.ContainsKey(part.Node.Inputs[1]);
        DenseLayer<T> layer;
        if (isTied)
        {
            layer = new DenseLayer<T>(_embeddings[part.Node.Inputs[1]]);
        }
        else
        {
            layer = new DenseLayer<T>(inputs, outputs, 0, Initializer.Zeros);
            T[] values = turned ? Transposed(weights.Numbers, rows, columns) : weights.Numbers;
            layer.Weights.CopyFrom(Times(values, T.CreateTruncating(alpha)));
        }

        if (part.Constant(2) is { } bias)
        {
            SetBias(part, layer, bias, T.CreateTruncating(beta));
        }

        return Dense(part, layer, awaitsBias: false);
    }

    private static Meaning<T>.Signal Dense(NodePart<T> part, DenseLayer<T> layer, bool awaitsBias)
    {
        Meaning<T>.Signal x = part.First;
        return x.Axes.EndsWith('F') && !x.Axes.Contains('D', StringComparison.Ordinal) && x.Stage.Features is var features && (features == 0 || features == layer.Inputs)
            ? part.After(x, x.Axes, layer, awaitsBias: awaitsBias)
            : throw part.Refuse($"its weights are for {layer.Inputs} features");
    }

    /// <summary>The layer with a bias.</summary>
    private Meaning<T>.Signal WithBias(NodePart<T> part, Meaning<T>.Signal x, OnnxTensor<T> bias)
    {
        if (x.Stage is not { AwaitsBias: true, Layer: DenseLayer<T> product })
        {
            throw part.Refuse("it adds a constant to what is not a product");
        }

        // A layer of its own: the product may be used without the bias as well.
        DenseLayer<T> layer = product.IsTied
            ? new DenseLayer<T>(_embeddings.Values.First(embedding => embedding.Weights == product.Weights))
            : new DenseLayer<T>(product.Inputs, product.Outputs, 0, Initializer.Zeros);
        if (!product.IsTied)
        {
            layer.Weights.CopyFrom(product.Weights.ReadOnlyValues);
        }

        SetBias(part, layer, bias, T.One);
        return part.After(x, x.Axes, layer, x.Stage.Before);
    }

    private static void SetBias(NodePart<T> part, DenseLayer<T> layer, OnnxTensor<T> bias, T factor)
    {
        if (bias.IsInteger || bias.Count != layer.Outputs || bias.Sizes[^1] != layer.Outputs)
        {
            throw part.Refuse($"its bias {bias} is not of {layer.Outputs} numbers");
        }

        layer.Bias.CopyFrom(Times(bias.Values, factor));
    }

    private static T[] Times(ReadOnlySpan<T> values, T factor)
    {
        var products = new T[values.Length];
        TensorPrimitives.Multiply(values, factor, products);
        return products;
    }

    private static T[] Transposed(T[] values, int rows, int columns)
    {
        var transposed = new T[values.Length];
        for (int n = 0; n < values.Length; n++)
        {
            transposed[((n % columns) * rows) + (n / columns)] = values[n];
        }

        return transposed;
    }
}

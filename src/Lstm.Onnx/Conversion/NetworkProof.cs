using System.Numerics;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Onnx.Graphs;

namespace Lstm.Onnx.Conversion;

/// <summary>Runs a network beside the graph that it was made of: a state at the start that is lost, say, does not go unnoticed.</summary>
internal static class NetworkProof<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int OpenSteps = 3;
    private const int OpenBatch = 2;

    /// <summary>The two compute the same in another order; what is not the same is far away.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Compares the two on a small input. Behind the end of a sequence, where a network gives zeros, a model may give anything.</summary>
    /// <exception cref="OnnxException">They do not compute the same.</exception>
    public static void Check(
        Graph<T> graph, Network<T> network, string inputAxes, string outputAxes, bool softmax, IReadOnlySet<string> lengthInputs)
    {
        OnnxValue value = graph.Inputs[0];
        int Size(char axis, int open) => value.Shape?.Count == inputAxes.Length ? value.Shape[inputAxes.IndexOf(axis, StringComparison.Ordinal)].Size ?? open : open;
        (int steps, int batch) = (Size('T', OpenSteps), Size('B', OpenBatch));
        if ((long)steps * batch * Math.Max(network.Inputs, network.Outputs) > graph.MaxElements)
        {
            throw Refuse("its input is larger than a run may be");
        }

        try
        {
            Sequence<T> input = Input(network, steps, batch);
            int[] lengths = [.. Enumerable.Range(0, batch).Select(b => lengthInputs.Count == 0 ? steps : Math.Max(steps - 1 + (b % 2), 1))];
            input.Mask = StepMask.FromLengths(steps, lengths);
            OnnxTensor<T> first = Tensor(input, inputAxes);
            OnnxTensor<T>[] inputs =
            [
                value.IsInteger
                    ? OnnxTensor<T>.FromIntegers(first.Shape, [.. first.Values.ToArray().Select(long.CreateTruncating)])
                    : first,
                .. graph.Inputs.Skip(1).Select(other => lengthInputs.Contains(other.Name)
                    ? OnnxTensor<T>.FromIntegers([batch], [.. lengths.Select(length => (long)length)])
                    : OnnxTensor<T>.Start(other, batch, graph.MaxElements) ?? throw Refuse($"its input {other} is too large")),
            ];
            OnnxTensor<T> expected = graph.Run(inputs)[0];
            Sequence<T> output = network.Infer(input);
            for (int n = 0; softmax && n < output.Steps * output.Batch; n++)
            {
                Span<T> row = output.At(n / output.Batch, n % output.Batch);
                Softmax.Probabilities<T>(row, row);
            }

            Sequence<T> compared = new(output.Steps, output.Batch, output.Features);
            for (int n = 0; n < output.Steps * output.Batch; n++)
            {
                compared.At(n / output.Batch, n % output.Batch).Fill(output.Mask?.Values[n] == false ? T.Zero : T.One);
            }

            Compare(expected, Tensor(output, outputAxes), Tensor(compared, outputAxes));
        }
        catch (ArgumentException e)
        {
            throw new OnnxException(Refuse("it does not take a small input").Message + " " + e.Message, e);
        }
    }

    private static Sequence<T> Input(Network<T> network, int steps, int batch)
    {
        int? tokens = TokenCount.Of(network);
        var input = new Sequence<T>(steps, batch, network.Inputs);
        for (int n = 0; n < input.Values.Length; n++)
        {
            // Numbers without a pattern, or any tokens.
            input.Values[n] = tokens is int count ? T.CreateTruncating(((n * 7L) + 1) % count) : T.Sin(T.CreateTruncating((n * n) + 1));
        }

        return input;
    }

    /// <summary>The numbers of a sequence with the dimensions in an order.</summary>
    private static OnnxTensor<T> Tensor(Sequence<T> sequence, string axes)
    {
        (int Size, int Stride)[] dimensions =
        [
            .. axes.Select(axis => axis switch
            {
                'B' => (sequence.Batch, sequence.Features),
                'F' => (sequence.Features, 1),
                'D' => (1, 0),
                _ => (sequence.Steps, sequence.Batch * sequence.Features),
            }),
        ];
        int[] shape = [.. dimensions.Select(dimension => dimension.Size)];
        var values = new T[OnnxShape.Count(shape) ?? throw Refuse("its output is too large")];
        for (int n = 0; n < values.Length; n++)
        {
            (int rest, int place) = (n, 0);
            for (int d = dimensions.Length - 1; d >= 0; d--)
            {
                place += rest % dimensions[d].Size * dimensions[d].Stride;
                rest /= dimensions[d].Size;
            }

            values[n] = sequence.Values[place];
        }

        return new OnnxTensor<T>(shape, values);
    }

    /// <summary>Compares the numbers at whose places there is no zero.</summary>
    private static void Compare(OnnxTensor<T> expected, OnnxTensor<T> actual, OnnxTensor<T> places)
    {
        T tolerance = T.CreateTruncating(Tolerance);
        bool same = !expected.IsInteger && expected.Shape.SequenceEqual(actual.Shape);
        for (int n = 0; same && n < actual.Count; n++)
        {
            (T x, T y) = (actual.Values[n], expected.Values[n]);
            same = places.Values[n] == T.Zero || T.Abs(x - y) <= tolerance * (T.One + T.Abs(y)) || x.Equals(y);
        }

        if (!same)
        {
            throw Refuse("the layers that its nodes look like do not compute what they do");
        }
    }

    private static OnnxException Refuse(string reason) => new($"The model cannot be made a network: {reason}.");
}

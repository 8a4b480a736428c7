using System.Numerics;
using Lstm.Onnx.Graphs;

namespace Lstm.Onnx.Operators;

/// <summary>
/// The operator Scan, since version 9: a graph of its own runs on each element of some inputs' first dimension, and hands
/// states from one to the next.
/// </summary>
internal sealed class ScanOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int OldestOpset = 9;

    private readonly Graph<T> _body;
    private readonly int _scanned;
    private readonly bool[] _inputsReversed;
    private readonly bool[] _outputsReversed;

    private ScanOperator(NodeReader node)
    {
        if (node.Opset < OldestOpset)
        {
            throw node.Refuse($"a Scan of versions below {OldestOpset} is another one");
        }

        _body = new Graph<T>(node.Graph("body") ?? throw node.Refuse("it has no body"), node.Opset, node.MaxElements);
        long scanned = node.Integer("num_scan_inputs", 0);
        if (scanned < 1 || scanned > _body.Inputs.Count || States(scanned) > _body.Outputs.Count)
        {
            throw node.Refuse($"its num_scan_inputs is {scanned}, its body has {_body.Inputs.Count} inputs and {_body.Outputs.Count} outputs");
        }

        _scanned = (int)scanned;
        _inputsReversed = Directions(node, "scan_input_directions", _scanned);
        _outputsReversed = Directions(node, "scan_output_directions", _body.Outputs.Count - States(_scanned));
        foreach (string axes in new[] { "scan_input_axes", "scan_output_axes" })
        {
            if (node.Integers(axes)?.Any(axis => axis != 0) == true)
            {
                throw node.Refuse($"its {axes} are not all 0");
            }
        }
    }

    public static Kernel<T> Create(NodeReader node) => new ScanOperator<T>(node).Run;

    private static bool[] Directions(NodeReader node, string name, int count)
    {
        bool[] reversed = [.. node.Integers(name)?.Select(direction => direction != 0) ?? Enumerable.Repeat(false, count)];
        return reversed.Length == count ? reversed : throw node.Refuse($"its {name} are {reversed.Length}, not {count}");
    }

    private int States(long scanned) => _body.Inputs.Count - (int)scanned;

    private OnnxTensor<T>[] Run(Arguments<T> inputs)
    {
        int count = States(_scanned);
        if (inputs.Count != _body.Inputs.Count)
        {
            throw inputs.Refuse($"its body has {_body.Inputs.Count} inputs");
        }

        OnnxTensor<T>[] states = [.. Enumerable.Range(0, count).Select(n => inputs[n])];
        OnnxTensor<T>[] sequences = [.. Enumerable.Range(count, _scanned).Select(n => inputs[n])];
        int steps = sequences[0].Sizes is [int first, ..] ? first : 0;
        if (steps == 0 || sequences.Any(sequence => sequence.Sizes is not [int length, ..] || length != steps))
        {
            throw inputs.Refuse("what it runs over is not of the same length, at least 1");
        }

        var outputs = new List<OnnxTensor<T>>[_outputsReversed.Length];
        for (int n = 0; n < outputs.Length; n++)
        {
            outputs[n] = [];
        }

        for (int step = 0; step < steps; step++)
        {
            OnnxTensor<T>[] results = inputs.Run(
                _body, [.. states, .. sequences.Select((sequence, n) => Part(inputs, sequence, _inputsReversed[n] ? steps - 1 - step : step))]);
            states = results[..count];
            for (int n = 0; n < outputs.Length; n++)
            {
                outputs[n].Add(results[count + n]);
            }
        }

        return [.. states, .. outputs.Select((parts, n) => Stacked(inputs, parts, _outputsReversed[n]))];
    }

    private static OnnxTensor<T> Part(Arguments<T> inputs, OnnxTensor<T> sequence, int step)
    {
        int[] strides = OnnxShape.Strides(sequence.Sizes);
        return inputs.Strided(sequence, sequence.Sizes[1..], step * strides[0], strides[1..]);
    }

    private static OnnxTensor<T> Stacked(Arguments<T> inputs, List<OnnxTensor<T>> parts, bool reversed)
    {
        if (reversed)
        {
            parts.Reverse();
        }

        return parts.All(part => part.Sizes.AsSpan().SequenceEqual(parts[0].Sizes))
            ? inputs.Joined(parts[0], [parts.Count, .. parts[0].Sizes], parts.Select(part => (part, 0, part.Count)))
            : throw inputs.Refuse("what its body gives is not of the same sizes at each step");
    }
}

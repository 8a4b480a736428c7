using System.Numerics;
using Lstm.Onnx.Operators;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Graphs;

/// <summary>A node in its place: what it computes, the slots that it reads (−1 for an input left out) and those that it fills.</summary>
internal sealed record GraphStep<T>(NodeData Node, Kernel<T> Kernel, int[] Inputs, int[] Outputs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Runs the node on the tensors in the slots.</summary>
    /// <exception cref="OnnxException">The node cannot be run on them.</exception>
    public void Run(OnnxTensor<T>?[] slots, ElementBudget budget)
    {
        var inputs = new Arguments<T>(Node, Array.ConvertAll(Inputs, slot => slot < 0 ? null : slots[slot]), budget);
        OnnxTensor<T>[] outputs;
        try
        {
            outputs = Kernel(inputs);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ArithmeticException)
        {
            // What a layer of this library refuses: NaN where it takes none, a size beyond an array's.
            throw new OnnxException(inputs.Refuse("what it computes with does not fit").Message + " " + e.Message, e);
        }

        if (Outputs.Length > outputs.Length)
        {
            throw inputs.Refuse($"it names {Outputs.Length} outputs, but has {outputs.Length}");
        }

        for (int n = 0; n < Outputs.Length; n++)
        {
            if (Outputs[n] >= 0)
            {
                slots[Outputs[n]] = outputs[n];
            }
        }
    }
}

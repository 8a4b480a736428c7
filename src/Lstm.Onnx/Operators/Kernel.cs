using System.Numerics;

namespace Lstm.Onnx.Operators;

/// <summary>The work of a node: from its inputs to its outputs, in order.</summary>
internal delegate OnnxTensor<T>[] Kernel<T>(Arguments<T> inputs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Onnx.Export;

/// <summary>Numbers as they are written: in single precision.</summary>
internal static class Numbers
{
    /// <summary>The numbers of a parameter, column by column.</summary>
    public static float[] Of<T>(Parameter<T> parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        float[] values = new float[parameter.Count];
        TensorPrimitives.ConvertTruncating<T, float>(parameter.ReadOnlyValues, values);
        return values;
    }
}

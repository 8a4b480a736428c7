using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Tests.Kernels;

public sealed class SpanMathTests
{
    /// <summary>Up to two vectors of the widest kind and a part of a third.</summary>
    private const int Longest = 35;

    /// <summary>What is written behind the end must still be there.</summary>
    private const int Guard = 16;

    [Theory]
    [InlineData(VectorFunction.Exp)]
    [InlineData(VectorFunction.Sigmoid)]
    [InlineData(VectorFunction.Tanh)]
    public void AnyLength_InPlace_IsTheFunctionOfEachElement(VectorFunction function)
    {
        Check<float>(function);
        Check<double>(function);
    }

    [Fact]
    public void Sigmoid_ShortDestination_IsRefused()
    {
        Action refused = () => SpanMath.Sigmoid<float>(new float[3], new float[2]);

        refused.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static void Check<T>(VectorFunction function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = [.. Enumerable.Range(0, Longest + Guard).Select(n => T.CreateChecked(Math.Sin(n) * 12))];
        T[] y = VectorFunctions.Run(function, VectorWidth.Scalar, x);
        for (int length = 0; length <= Longest; length++)
        {
            T[] values = [.. x];
            Apply(function, values.AsSpan(0, length));
            values.Should().Equal([.. y[..length], .. x[length..]]);
        }
    }

    private static void Apply<T>(VectorFunction function, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (function)
        {
            case VectorFunction.Exp:
                SpanMath.Exp(values, values);
                break;
            case VectorFunction.Sigmoid:
                SpanMath.Sigmoid(values, values);
                break;
            default:
                SpanMath.Tanh(values, values);
                break;
        }
    }
}

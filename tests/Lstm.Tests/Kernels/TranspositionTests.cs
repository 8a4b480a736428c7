using System.Runtime.Intrinsics;
using Lstm.Kernels;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Kernels;

public sealed class TranspositionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(3, 9)]
    [InlineData(16, 16)]
    [InlineData(17, 5)]
    [InlineData(64, 23)]
    [InlineData(40, 48)]
    public void Run_SizeThatFillsSquaresOrNot_GivesTranspose(int rows, int columns)
    {
        CheckWidths<float>(rows, columns);
        CheckWidths<double>(rows, columns);
    }

    private static void CheckWidths<T>(int rows, int columns)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        foreach (bool past in new[] { false, true })
        {
            Check<T, T, SimdScalar<T>>(rows, columns, past);
            Check<T, Vector128<T>, Simd128<T>>(rows, columns, past);
            if (Vector256.IsHardwareAccelerated)
            {
                Check<T, Vector256<T>, Simd256<T>>(rows, columns, past);
            }

            if (Vector512.IsHardwareAccelerated)
            {
                Check<T, Vector512<T>, Simd512<T>>(rows, columns, past);
            }
        }
    }

    private static unsafe void Check<T, TVec, TSimd>(int rows, int columns, bool past)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec>
    {
        Matrix<T> matrix = Matrix<T>.Build.Dense(rows, columns, (r, c) => T.CreateTruncating((100 * r) + c));
        T[] source = matrix.ToColumnMajorArray();

        // A row of the target ends with zeros in its last vector; a vector more stays as it was.
        int lanes = TSimd.Count;
        int written = (columns + lanes - 1) / lanes * lanes;
        int stride = written + lanes;
        var buffer = new AlignedBuffer<T>();
        T* to = buffer.Get(rows * stride);
        new Span<T>(to, rows * stride).Fill(T.NegativeOne);
        fixed (T* from = source)
        {
            Transposition<T, TVec, TSimd>.Run(from, rows, columns, rows, from + source.Length, to, stride, 1, past);
            Cache.Drain();
        }

        Matrix<T> result = Matrix<T>.Build.Dense(stride, rows, new ReadOnlySpan<T>(to, rows * stride).ToArray());
        GC.KeepAlive(buffer);
        result.SubMatrix(0, columns, 0, rows).Should().Be(matrix.Transpose());
        result.SubMatrix(written, lanes, 0, rows).Should().Be(Matrix<T>.Build.Dense(lanes, rows, T.NegativeOne));
        if (written > columns)
        {
            result.SubMatrix(columns, written - columns, 0, rows).Should().Be(Matrix<T>.Build.Dense(written - columns, rows));
        }
    }
}

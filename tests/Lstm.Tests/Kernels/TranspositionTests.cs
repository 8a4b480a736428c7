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
    public void Run_SizeThatFillsBlocksOrNot_GivesTranspose(int rows, int columns)
    {
        Check<float>(rows, columns);
        Check<double>(rows, columns);
    }

    private static unsafe void Check<T>(int rows, int columns)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> matrix = Matrix<T>.Build.Dense(rows, columns, (r, c) => T.CreateTruncating((100 * r) + c));
        T[] source = matrix.ToColumnMajorArray();

        // A column of the target is longer than the matrix has columns; what lies between stays as it was.
        int stride = columns + 3;
        var target = new T[rows * stride];
        Array.Fill(target, T.NegativeOne);
        fixed (T* from = source, to = target)
        {
            Transposition<T>.Run(from, rows, columns, rows, to, stride);
        }

        Matrix<T> result = Matrix<T>.Build.Dense(stride, rows, target);
        result.SubMatrix(0, columns, 0, rows).Should().Be(matrix.Transpose());
        result.SubMatrix(columns, 3, 0, rows).Should().Be(Matrix<T>.Build.Dense(3, rows, T.NegativeOne));
    }
}

using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Reference;

/// <summary>The few array operations that the references need, and conversions to their plain double arrays.</summary>
internal static class ReferenceArrays
{
    /// <summary>[row, column] of a matrix.</summary>
    public static double[,] Of<T>(Matrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] array = new double[matrix.RowCount, matrix.ColumnCount];
        for (int row = 0; row < matrix.RowCount; row++)
        {
            for (int column = 0; column < matrix.ColumnCount; column++)
            {
                array[row, column] = double.CreateChecked(matrix[row, column]);
            }
        }

        return array;
    }

    /// <summary>[step, sequence, feature] of a batch of sequences.</summary>
    public static double[,,] Of<T>(Sequence<T> sequence)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,,] array = new double[sequence.Steps, sequence.Batch, sequence.Features];
        for (int t = 0; t < sequence.Steps; t++)
        {
            for (int s = 0; s < sequence.Batch; s++)
            {
                for (int k = 0; k < sequence.Features; k++)
                {
                    array[t, s, k] = double.CreateChecked(sequence[t, s, k]);
                }
            }
        }

        return array;
    }

    /// <summary>One step of [step, sequence, feature] as a matrix of features × sequences.</summary>
    public static double[,] Step(double[,,] array, int step)
    {
        double[,] matrix = new double[array.GetLength(2), array.GetLength(1)];
        for (int k = 0; k < matrix.GetLength(0); k++)
        {
            for (int s = 0; s < matrix.GetLength(1); s++)
            {
                matrix[k, s] = array[step, s, k];
            }
        }

        return matrix;
    }

    public static double[] Column(double[,] matrix, int column) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(row => matrix[row, column])];

    /// <summary>One element of Aᵀ y.</summary>
    public static double ColumnDot(double[,] matrix, int column, double[] y)
    {
        double sum = 0;
        for (int row = 0; row < y.Length; row++)
        {
            sum += matrix[row, column] * y[row];
        }

        return sum;
    }
}

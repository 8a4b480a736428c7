using System.Numerics;
using Lstm.Layers;
using Lstm.Tests.Reference;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Support;

/// <summary>
/// Compares arrays. The error of an element is relative to the largest magnitude of the expected array, or to 1 if that is
/// more: an element is a sum of numbers up to 1 or so, and where they cancel it is no more exact than they are.
/// </summary>
internal static class Close
{
    public static void To<T>(Sequence<T> actual, double[,,] expected, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        new[] { actual.Steps, actual.Batch, actual.Features }.Should()
            .Equal([expected.GetLength(0), expected.GetLength(1), expected.GetLength(2)], "of the shape of {0}", what);
        Compare(ReferenceArrays.Of(actual), expected, tolerance, what);
    }

    public static void To<T>(Matrix<T> actual, double[,] expected, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        new[] { actual.RowCount, actual.ColumnCount }.Should()
            .Equal([expected.GetLength(0), expected.GetLength(1)], "of the shape of {0}", what);
        Compare(ReferenceArrays.Of(actual), expected, tolerance, what);
    }

    public static void To<T>(Sequence<T> actual, Sequence<T> expected, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        To(actual, ReferenceArrays.Of(expected), Tolerance.Rounding<T>(), what);

    public static void To<T>(Matrix<T> actual, Matrix<T> expected, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        To(actual, ReferenceArrays.Of(expected), Tolerance.Rounding<T>(), what);

    public static void To<T>(LayerState<T> actual, LayerState<T> expected, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        actual.Parts.Should().HaveSameCount(expected.Parts);
        for (int n = 0; n < expected.Parts.Count; n++)
        {
            To(actual.Parts[n].Value, expected.Parts[n].Value, $"{what} {expected.Parts[n].Name}");
        }
    }

    /// <summary>An absolute tolerance, for numbers that were published with so many digits.</summary>
    public static void Within(double[] actual, double[] expected, double tolerance)
    {
        actual.Should().HaveSameCount(expected);
        for (int n = 0; n < expected.Length; n++)
        {
            actual[n].Should().BeApproximately(expected[n], tolerance, "of element {0}", n);
        }
    }

    private static void Compare(Array actual, Array expected, double tolerance, string what)
    {
        double[] got = [.. actual.Cast<double>()];
        double[] wanted = [.. expected.Cast<double>()];
        double scale = Math.Max(1, wanted.Max(Math.Abs));
        for (int n = 0; n < wanted.Length; n++)
        {
            double error = Math.Abs(got[n] - wanted[n]);

            // Not "larger than": a comparison with NaN is false.
            if (!(error <= tolerance * scale))
            {
                Assert.Fail($"{what}: element {n} is {got[n]:R} instead of {wanted[n]:R}; {error / scale:E2} of {scale:R}.");
            }
        }
    }
}

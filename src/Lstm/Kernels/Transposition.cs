using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Lstm.Kernels;

/// <summary>
/// Writes columns as rows. Vectors of 16 bytes do it, whatever the processor's widest: all processors have the
/// instructions that mix two of them, and storing is the limit before the arithmetic is.
/// </summary>
internal static unsafe class Transposition<T>
    where T : unmanaged
{
    private static int Block => 16 / sizeof(T);

    /// <summary>target[row · targetStride + column] = source[column · sourceStride + row].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* source, nint sourceStride, int columns, int rows, T* target, nint targetStride)
    {
        int wholeRows = rows - (rows % Block);
        int column = 0;
        for (; column <= columns - Block; column += Block)
        {
            T* from = source + (column * sourceStride);
            T* to = target + column;
            for (int row = 0; row < wholeRows; row += Block)
            {
                RunBlock(from + row, sourceStride, to + (row * targetStride), targetStride);
            }
        }

        RunSingly(source, sourceStride, 0, column, wholeRows, rows, target, targetStride);
        RunSingly(source, sourceStride, column, columns, 0, rows, target, targetStride);
    }

    private static void RunSingly(
        T* source, nint sourceStride, int firstColumn, int endColumn, int firstRow, int endRow, T* target, nint targetStride)
    {
        for (int column = firstColumn; column < endColumn; column++)
        {
            for (int row = firstRow; row < endRow; row++)
            {
                target[(row * targetStride) + column] = source[(column * sourceStride) + row];
            }
        }
    }

    /// <summary>A square of 4 × 4 floats or 2 × 2 doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunBlock(T* source, nint sourceStride, T* target, nint targetStride)
    {
        if (sizeof(T) == sizeof(double))
        {
            Vector128<double> left = Vector128.Load((double*)source);
            Vector128<double> right = Vector128.Load((double*)(source + sourceStride));
            ZipLow(left, right).Store((double*)target);
            ZipHigh(left, right).Store((double*)(target + targetStride));
            return;
        }

        Vector128<float> a = Vector128.Load((float*)source);
        Vector128<float> b = Vector128.Load((float*)(source + sourceStride));
        Vector128<float> c = Vector128.Load((float*)(source + (2 * sourceStride)));
        Vector128<float> d = Vector128.Load((float*)(source + (3 * sourceStride)));
        Vector128<double> ab = ZipLow(a, b).AsDouble(), abHigh = ZipHigh(a, b).AsDouble();
        Vector128<double> cd = ZipLow(c, d).AsDouble(), cdHigh = ZipHigh(c, d).AsDouble();
        ZipLow(ab, cd).Store((double*)target);
        ZipHigh(ab, cd).Store((double*)(target + targetStride));
        ZipLow(abHigh, cdHigh).Store((double*)(target + (2 * targetStride)));
        ZipHigh(abHigh, cdHigh).Store((double*)(target + (3 * targetStride)));
    }

    /// <summary>The lower halves of two vectors, element by element in turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[2], right[2], left[3], right[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipLow(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipHigh(Vector128<double> left, Vector128<double> right) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[1], right[1]);
}

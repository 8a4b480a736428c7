using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>Arithmetic on pieces of memory whose lengths are multiples of a vector's.</summary>
internal static unsafe class VectorLoops<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>target += source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(T* target, T* source, int length)
    {
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(target + n), TSimd.Load(source + n)), target + n);
        }
    }

    /// <summary>target += left ⊙ right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(T* target, T* left, T* right, int length)
    {
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(left + n), TSimd.Load(right + n), TSimd.Load(target + n)), target + n);
        }
    }

    /// <summary>target = left ⊙ right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(T* target, T* left, T* right, int length)
    {
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TSimd.Store(TSimd.Multiply(TSimd.Load(left + n), TSimd.Load(right + n)), target + n);
        }
    }

    /// <summary>target is limited to ±limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clip(T* target, TVec limit, int length)
    {
        TVec least = TSimd.Subtract(TSimd.Zero, limit);
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TSimd.Store(TSimd.Max(least, TSimd.Min(limit, TSimd.Load(target + n))), target + n);
        }
    }

    /// <summary>The derivative of clipping: target = 0 where |value| ≥ limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClipBack(T* target, T* value, TVec limit, int length)
    {
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TVec inside = TSimd.Subtract(limit, TSimd.Abs(TSimd.Load(value + n)));
            TSimd.Store(TSimd.IfPositive(inside, TSimd.Load(target + n), TSimd.Zero), target + n);
        }
    }

    /// <summary>target = d ⊙ before + (1 − d) ⊙ fresh.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Blend(T* target, T* d, T* before, T* fresh, int length)
    {
        TVec one = TSimd.Constant(1, 1);
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TVec share = TSimd.Load(d + n);
            TVec new_ = TSimd.Multiply(TSimd.Subtract(one, share), TSimd.Load(fresh + n));
            TSimd.Store(TSimd.MultiplyAdd(share, TSimd.Load(before + n), new_), target + n);
        }
    }

    /// <summary>The derivative of blending: fresh = (1 − d) ⊙ gradient, before = d ⊙ gradient; either may be the gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BlendBack(T* gradient, T* d, T* before, T* fresh, int length)
    {
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TVec whole = TSimd.Load(gradient + n);
            TVec past = TSimd.Multiply(TSimd.Load(d + n), whole);
            TSimd.Store(TSimd.Subtract(whole, past), fresh + n);
            TSimd.Store(past, before + n);
        }
    }
}

namespace Lstm.Kernels;

/// <summary>
/// The vector operations that a kernel needs, for one element type and one vector width. A kernel is written once
/// over <typeparamref name="TVec"/> and the JIT compiles it for each width: since every implementation is a struct,
/// the calls below are resolved and inlined at compile time.
/// </summary>
internal unsafe interface ISimd<T, TVec>
    where T : unmanaged
    where TVec : struct
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVec Zero { get; }

    static abstract TVec Broadcast(T value);

    /// <summary>The constant of the element type; with literals as arguments it is an operand in memory.</summary>
    static abstract TVec Constant(float single, double @double);

    static abstract TVec Load(T* source);

    static abstract void Store(TVec vector, T* destination);

    /// <summary>
    /// Stores at a multiple of the vector's bytes and past the caches, where the processor can: for what will be read
    /// only after much else. <see cref="Cache.Drain"/> must follow before another thread reads it.
    /// </summary>
    static abstract void StorePast(TVec vector, T* destination);

    static abstract TVec Add(TVec left, TVec right);

    static abstract TVec Subtract(TVec left, TVec right);

    static abstract TVec Multiply(TVec left, TVec right);

    static abstract TVec Divide(TVec left, TVec right);

    /// <summary>left · right + addend, in one rounding where the processor has it.</summary>
    static abstract TVec MultiplyAdd(TVec left, TVec right, TVec addend);

    /// <summary>The smaller one; <paramref name="right"/> if that is NaN.</summary>
    static abstract TVec Min(TVec left, TVec right);

    /// <summary>The larger one; <paramref name="right"/> if that is NaN.</summary>
    static abstract TVec Max(TVec left, TVec right);

    static abstract TVec Abs(TVec value);

    static abstract TVec Floor(TVec value);

    /// <summary><paramref name="yes"/> where <paramref name="test"/> is above 0, <paramref name="no"/> elsewhere.</summary>
    static abstract TVec IfPositive(TVec test, TVec yes, TVec no);

    /// <summary><paramref name="magnitude"/>, which has no sign of its own, with the sign of the other.</summary>
    static abstract TVec CopySign(TVec magnitude, TVec sign);

    /// <summary>
    /// The number whose sign and exponent field are the lowest bits of <paramref name="biased"/> and whose mantissa is
    /// 1: 2ⁿ for <c>1.5·2ᵐ + bias + n</c>, m the bits of a mantissa, as long as 2ⁿ is finite; 0 for n = −bias.
    /// </summary>
    static abstract TVec PowerOfTwo(TVec biased);

    /// <summary>The elements of the lower halves, one of the left and one of the right by turns.</summary>
    static abstract TVec ZipLow(TVec left, TVec right);

    /// <summary>The elements of the upper halves, one of the left and one of the right by turns.</summary>
    static abstract TVec ZipHigh(TVec left, TVec right);
}

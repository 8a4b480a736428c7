using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>The cells of one vector of units for some sequences: from z to c and h.</summary>
internal unsafe struct LstmCells<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The sequences.</summary>
    public int Sequences;

    /// <summary>The units, at most a vector's lanes.</summary>
    public int Units;

    /// <summary>z of the first sequence; it is overwritten.</summary>
    public T* Z;

    /// <summary>From the z of one gate to that of the next.</summary>
    public nint ZGate;

    /// <summary>From the z of one sequence to that of the next.</summary>
    public nint ZColumn;

    /// <summary>cₜ₋₁.</summary>
    public T* Before;

    /// <summary>cₜ, padded to a vector; may be cₜ₋₁ itself.</summary>
    public T* After;

    /// <summary>From the c of one sequence to that of the next, and so for <see cref="CellTanh"/>.</summary>
    public nint CellColumn;

    /// <summary>hₜ, not padded.</summary>
    public T* Output;

    /// <summary>From the h of one sequence to that of the next.</summary>
    public nint OutputColumn;

    /// <summary>Where training keeps the gates, each beside the next; null in inference.</summary>
    public T* Gates;

    /// <summary>From the gates of one sequence to those of the next.</summary>
    public nint GatesColumn;

    /// <summary>Where training keeps tanh cₜ.</summary>
    public T* CellTanh;

    /// <summary>(2) to (4).</summary>
    /// <remarks>
    /// Two loops, since c and its tanh are two long chains: one after the other in the same loop they fill the
    /// processor's window before the next sequence comes into it.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TVec, TSimd>()
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec>
    {
        T* z = Z, before = Before, after = After, gates = Gates;
        for (int n = 0; n < Sequences; n++)
        {
            TVec i = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z));                                 // (2)
            TVec f = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z + ZGate));
            TVec g = VectorMath<T, TVec, TSimd>.Tanh(TSimd.Load(z + (2 * ZGate)));
            TVec o = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z + (3 * ZGate)));
            TSimd.Store(TSimd.MultiplyAdd(f, TSimd.Load(before), TSimd.Multiply(i, g)), after);         // (3)
            if (gates != null)
            {
                // Where there are fewer units than lanes, each store runs over the start of the next gate, which the
                // next store puts right.
                TSimd.Store(i, gates);
                TSimd.Store(f, gates + Units);
                TSimd.Store(g, gates + (2 * Units));
                TSimd.Store(o, gates + (3 * Units));
                gates += GatesColumn;
            }

            TSimd.Store(o, z);
            z += ZColumn;
            before += CellColumn;
            after += CellColumn;
        }

        T* output = Output, cellTanh = CellTanh;
        z = Z;
        after = After;
        for (int n = 0; n < Sequences; n++)
        {
            TVec tanh = VectorMath<T, TVec, TSimd>.Tanh(TSimd.Load(after));
            Partial<T, TVec, TSimd>.Store(TSimd.Multiply(TSimd.Load(z), tanh), output, Units);          // (4)
            if (cellTanh != null)
            {
                TSimd.Store(tanh, cellTanh);
                cellTanh += CellColumn;
            }

            z += ZColumn;
            after += CellColumn;
            output += OutputColumn;
        }
    }
}

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

    /// <summary>cₜ₋₁, which cₜ replaces; padded to a vector.</summary>
    public T* Cell;

    /// <summary>From the c of one sequence to that of the next.</summary>
    public nint CellColumn;

    /// <summary>hₜ, not padded.</summary>
    public T* Output;

    /// <summary>From the h of one sequence to that of the next.</summary>
    public nint OutputColumn;

    /// <summary>Where training keeps the gates, each beside the next; null in inference.</summary>
    public T* Kept;

    /// <summary>From what is kept of one sequence to that of the next.</summary>
    public nint KeptColumn;

    /// <summary>From the gates kept to cₜ₋₁; tanh cₜ is a vector further on.</summary>
    public nint KeptCell;

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
        T* z = Z, cell = Cell, kept = Kept;
        for (int n = 0; n < Sequences; n++)
        {
            TVec i = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z));                                 // (2)
            TVec f = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z + ZGate));
            TVec g = VectorMath<T, TVec, TSimd>.Tanh(TSimd.Load(z + (2 * ZGate)));
            TVec o = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z + (3 * ZGate)));
            TVec before = TSimd.Load(cell);
            TSimd.Store(TSimd.MultiplyAdd(f, before, TSimd.Multiply(i, g)), cell);                      // (3)
            if (kept != null)
            {
                // Where there are fewer units than lanes, each store runs over the start of the next gate, which the
                // next store puts right.
                TSimd.Store(i, kept);
                TSimd.Store(f, kept + Units);
                TSimd.Store(g, kept + (2 * Units));
                TSimd.Store(o, kept + (3 * Units));
                TSimd.Store(before, kept + KeptCell);
                kept += KeptColumn;
            }

            TSimd.Store(o, z);
            z += ZColumn;
            cell += CellColumn;
        }

        T* output = Output;
        z = Z;
        cell = Cell;
        kept = Kept == null ? null : Kept + KeptCell + TSimd.Count;
        for (int n = 0; n < Sequences; n++)
        {
            TVec tanh = VectorMath<T, TVec, TSimd>.Tanh(TSimd.Load(cell));
            Partial<T, TVec, TSimd>.Store(TSimd.Multiply(TSimd.Load(z), tanh), output, Units);          // (4)
            if (kept != null)
            {
                TSimd.Store(tanh, kept);
                kept += KeptColumn;
            }

            z += ZColumn;
            cell += CellColumn;
            output += OutputColumn;
        }
    }
}

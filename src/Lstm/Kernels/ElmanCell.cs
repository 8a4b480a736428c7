using System.Numerics;

namespace Lstm.Kernels;

/// <summary>The cells of a plain recurrent layer: <c>h = f(z)</c>.</summary>
internal sealed unsafe class ElmanCell<T, TVec, TSimd> : SimpleCell<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private static readonly RecurrentPart[] OneGate = [new(0, 1, 0, 0, 0)];

    public override int Gates => 1;

    public override ReadOnlySpan<RecurrentPart> Parts => OneGate;

    public override void Forward(in CellStep<T> step, int thread)
    {
        for (int n = 0; n < step.Count; n++)
        {
            T* z = step.Z + ((long)n * Memory.ZStride);
            ActivationLoops<T, TVec, TSimd>.Apply(Settings.Activation, z, Stride);
            new ReadOnlySpan<T>(z, Stride).CopyTo(new Span<T>(step.HiddenAfter + ((long)n * Stride), Stride));
        }
    }

    public override void Backward(in CellStep<T> step, in CellGradients<T> gradients, int thread)
    {
        for (int n = 0; n < step.Count; n++)
        {
            long at = (long)n * Memory.ZStride;
            T* hidden = gradients.Hidden + ((long)n * Stride);
            ActivationLoops<T, TVec, TSimd>.Back(Settings.Activation, step.Z + at, hidden, gradients.Z + at, Stride);

            // Nothing goes past the gate.
            new Span<T>(hidden, Stride).Clear();
        }
    }
}

/// <summary>Makes the cells of a plain recurrent layer.</summary>
internal readonly struct ElmanCellMaker<T> : ICellMaker<T, SimpleCellPass<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static RecurrentCell<T, SimpleCellPass<T>, TVec, TSimd> Make<TVec, TSimd>()
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec> => new ElmanCell<T, TVec, TSimd>();
}

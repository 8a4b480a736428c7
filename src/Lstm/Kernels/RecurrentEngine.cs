using System.Numerics;

namespace Lstm.Kernels;

/// <summary>
/// The arithmetic of recurrent layers of all kinds, with the memory it needs, for one call at a time: over sequences of
/// different lengths, with gaps, with masks on what goes into the gates, back through all steps or a few.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TPass">The settings of the cells.</typeparam>
internal abstract class RecurrentEngine<T, TPass>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
{
    /// <summary>An engine for calls at the same time, which shares with this one what inference keeps of the weights.</summary>
    public abstract RecurrentEngine<T, TPass> Sibling();

    /// <summary>Forward over all steps.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="cell">The settings of the cells.</param>
    /// <param name="valid">Whether step t of sequence b is valid, at t·B + b; empty if all are.</param>
    /// <param name="training">Whether to keep what a backward pass needs, and to drop what is to be dropped at random.</param>
    /// <param name="threads">The most threads to use; no result depends on it.</param>
    public abstract void Forward(in RecurrentPass<T> pass, in TPass cell, ReadOnlySpan<bool> valid, bool training, int threads);

    /// <summary>Backward after <see cref="Forward"/> in training with the same pass and settings.</summary>
    public abstract void Backward(in RecurrentPass<T> pass, in TPass cell, in RecurrentGradients<T> gradients, int threads);
}

/// <inheritdoc cref="RecurrentEngine{T, TPass}"/>
internal sealed unsafe class RecurrentEngine<T, TPass, TVec, TSimd> : RecurrentEngine<T, TPass>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly Func<RecurrentCell<T, TPass, TVec, TSimd>> _makeCell;
    private readonly PackedShare<RecurrentWeights<T, TVec, TSimd>> _share;
    private readonly RecurrentCell<T, TPass, TVec, TSimd> _cell;
    private readonly RecurrentMemory<T> _memory = new();
    private readonly RecurrentForward<T, TPass, TVec, TSimd> _forward;
    private readonly RecurrentBackward<T, TPass, TVec, TSimd> _backward;
    private readonly RecurrentStep<T, TPass, TVec, TSimd> _step;

    public RecurrentEngine(Func<RecurrentCell<T, TPass, TVec, TSimd>> makeCell)
        : this(makeCell, new PackedShare<RecurrentWeights<T, TVec, TSimd>>())
    {
    }

    private RecurrentEngine(
        Func<RecurrentCell<T, TPass, TVec, TSimd>> makeCell, PackedShare<RecurrentWeights<T, TVec, TSimd>> share)
    {
        (_makeCell, _share, _cell) = (makeCell, share, makeCell());
        RecurrentOperands<T, TVec, TSimd> operands = new(_memory);
        _forward = new RecurrentForward<T, TPass, TVec, TSimd>(_memory, _cell, operands, share);
        _backward = new RecurrentBackward<T, TPass, TVec, TSimd>(_memory, _cell, operands);
        _step = new RecurrentStep<T, TPass, TVec, TSimd>(_memory, _cell);
    }

    public override RecurrentEngine<T, TPass> Sibling() =>
        new RecurrentEngine<T, TPass, TVec, TSimd>(_makeCell, _share);

    public override void Forward(in RecurrentPass<T> pass, in TPass cell, ReadOnlySpan<bool> valid, bool training, int threads)
    {
        StepPlan plan = _memory.Plan;
        plan.Build(pass.Steps, pass.Batch, valid);
        _cell.Configure(pass, cell);
        bool isStep = !training && plan.Columns <= VectorProduct<T, TVec, TSimd>.MaxColumns;
        if (isStep && !_share.PaysForStep(pass.WeightsVersion))
        {
            _step.Run(pass);
        }
        else
        {
            _forward.Run(pass, training, isStep ? 1 : threads);
        }

        _memory.Finish(pass);
        FillGaps(pass);
    }

    public override void Backward(in RecurrentPass<T> pass, in TPass cell, in RecurrentGradients<T> gradients, int threads)
    {
        _cell.Configure(pass, cell);
        _backward.Run(pass, gradients, threads);
    }

    /// <summary>In a gap the output of the step before stands; past the end, and before the first valid step, zeros.</summary>
    private void FillGaps(in RecurrentPass<T> pass)
    {
        StepPlan plan = _memory.Plan;
        int places = plan.IsWhole ? 0 : pass.Steps * pass.Batch;
        for (int place = 0; place < places; place++)
        {
            int from = plan.Stands(place);
            if (from != place)
            {
                T* output = pass.Output + ((long)place * pass.Outputs);
                RecurrentMemory<T>.Copy(from < 0 ? null : pass.Output + ((long)from * pass.Outputs), pass.Outputs, output, pass.Outputs);
            }
        }
    }
}

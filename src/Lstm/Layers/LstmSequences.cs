using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>
/// Runs an LSTM over a batch with a mask: each sequence alone, over its valid steps. In a gap the output of the step before
/// stands again, zero if there is none, and the state is left as it was; past the end the output is zero.
/// </summary>
internal sealed unsafe class LstmSequences<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Alone> _sequences = [];
    private readonly AlignedBuffer<T> _outputGradient = new();
    private readonly AlignedBuffer<T> _inputGradient = new();

    public void Forward(in LstmPass<T> pass, StepMask mask, bool training, int threads)
    {
        for (int b = 0; b < pass.Batch; b++)
        {
            if (_sequences.Count <= b)
            {
                _sequences.Add(new Alone());
            }

            Alone alone = _sequences[training ? b : 0];
            LstmPass<T> one = Gather(pass, mask, b, alone);
            if (one.Steps > 0)
            {
                alone.Engine.Forward(one, training, threads);
            }
            else
            {
                LstmMemory<T>.CopyColumns(one.InitialHidden, 0, one.FinalHidden, 0, pass.HiddenUnits, 1);
                LstmMemory<T>.CopyColumns(one.InitialCell, 0, one.FinalCell, 0, pass.HiddenUnits, 1);
            }

            int n = 0;
            for (int t = 0; t < pass.Steps; t++)
            {
                n += mask[t, b] ? 1 : 0;
                Span<T> to = Column(pass.Output, t, b, pass, pass.HiddenUnits);
                if (n > 0 && t < mask.LengthOf(b))
                {
                    new Span<T>(one.Output + ((long)(n - 1) * to.Length), to.Length).CopyTo(to);
                }
                else
                {
                    to.Clear();
                }
            }
        }
    }

    public void Backward(in LstmPass<T> pass, in LstmGradients<T> gradients, StepMask mask, int threads)
    {
        int units = pass.HiddenUnits;
        for (int b = 0; b < pass.Batch; b++)
        {
            Alone alone = _sequences[b];
            LstmPass<T> one = Gather(pass, mask, b, alone);
            LstmGradients<T> given = gradients;
            given.Output = _outputGradient.Get((long)pass.Steps * units);
            given.Input = _inputGradient.Get((long)pass.Steps * pass.Inputs);
            given.InitialHidden += (long)b * units;
            given.InitialCell += (long)b * units;
            given.FinalHidden += gradients.FinalHidden == null ? 0 : (long)b * units;
            given.FinalCell += gradients.FinalCell == null ? 0 : (long)b * units;
            int n = 0;
            for (int t = 0; t < mask.LengthOf(b); t++)
            {
                Span<T> gradient = Column(gradients.Output, t, b, pass, units);
                Span<T> to = new(given.Output + ((long)(n - (mask[t, b] ? 0 : 1)) * units), units);
                if (mask[t, b])
                {
                    gradient.CopyTo(to);
                    n++;
                }
                else if (n > 0)
                {
                    System.Numerics.Tensors.TensorPrimitives.Add(to, gradient, to);
                }
            }

            if (one.Steps > 0)
            {
                alone.Engine.Backward(one, given, threads);
            }
            else
            {
                LstmMemory<T>.CopyColumns(given.FinalHidden, 0, given.InitialHidden, 0, units, 1);
                LstmMemory<T>.CopyColumns(given.FinalCell, 0, given.InitialCell, 0, units, 1);
            }

            n = 0;
            for (int t = 0; t < pass.Steps; t++)
            {
                Span<T> to = Column(gradients.Input, t, b, pass, pass.Inputs);
                if (mask[t, b])
                {
                    new Span<T>(given.Input + ((long)n++ * pass.Inputs), pass.Inputs).CopyTo(to);
                }
                else
                {
                    to.Clear();
                }
            }
        }
    }

    private static Span<T> Column(T* all, int step, int sequence, in LstmPass<T> pass, int rows) =>
        new(all + ((((long)step * pass.Batch) + sequence) * rows), rows);

    /// <summary>The pass of one sequence over its valid steps, with an output of its own.</summary>
    private static LstmPass<T> Gather(in LstmPass<T> pass, StepMask mask, int sequence, Alone alone)
    {
        long state = (long)sequence * pass.HiddenUnits;
        LstmPass<T> one = pass;
        one.Batch = 1;
        one.Steps = 0;
        one.Input = alone.Input.Get((long)pass.Steps * pass.Inputs);
        one.Output = alone.Output.Get((long)pass.Steps * pass.HiddenUnits);
        one.InitialHidden += pass.InitialHidden == null ? 0 : state;
        one.InitialCell += pass.InitialCell == null ? 0 : state;
        one.FinalHidden += pass.FinalHidden == null ? 0 : state;
        one.FinalCell += pass.FinalCell == null ? 0 : state;
        for (int t = 0; t < pass.Steps; t++)
        {
            if (mask[t, sequence])
            {
                Column(pass.Input, t, sequence, pass, pass.Inputs)
                    .CopyTo(new Span<T>(one.Input + ((long)one.Steps++ * pass.Inputs), pass.Inputs));
            }
        }

        return one;
    }

    /// <summary>What one sequence needs until it is run back.</summary>
    private sealed class Alone
    {
        public LstmEngine<T> Engine { get; } = LstmEngine<T>.Create();

        public AlignedBuffer<T> Input { get; } = new();

        public AlignedBuffer<T> Output { get; } = new();
    }
}

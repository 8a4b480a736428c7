using System.Numerics;

namespace Lstm.Layers;

/// <content>Passes over the valid steps only, for layers that treat each step by itself.</content>
public abstract partial class Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The columns of the valid steps, next to each other: of input and output, and in training of their gradients too.
    private readonly Pool<Buffers<T>> _validBuffers = new(() => new Buffers<T>(2));
    private (Sequence<T> Input, Sequence<T> Output, Sequence<T> OutputGradient, Sequence<T> InputGradient)? _valid;

    /// <summary>Inference of arguments that have been checked.</summary>
    internal void InferInto(ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        if (mask is null || MaskSupport != MaskSupport.EachStep)
        {
            InferCore(input, output, steps, state, mask);
            return;
        }

        Buffers<T> buffers = _validBuffers.Rent();
        Span<T> validInput = buffers.Get(0, mask.ValidSteps * Inputs);
        Span<T> validOutput = buffers.Get(1, mask.ValidSteps * Outputs);
        if (mask.ValidSteps > 0)
        {
            ValidColumns.Gather(input, mask.Columns, validInput, Inputs);
            InferCore(validInput, validOutput, mask.ValidSteps, Template, null);
        }

        ValidColumns.Scatter<T>(validOutput, mask.Columns, output, Outputs);
        _validBuffers.Return(buffers);
    }

    /// <summary>A forward pass over the valid steps only, by a layer that treats each step by itself.</summary>
    private void ForwardEachValid(Sequence<T> input, StepMask mask, Sequence<T> output)
    {
        _valid ??= (new(1, 1, Inputs), new(1, 1, Outputs), new(1, 1, Outputs), new(1, 1, Inputs));
        (Sequence<T> validInput, Sequence<T> validOutput, _, _) = _valid.Value;
        if (mask.ValidSteps > 0)
        {
            ValidColumns.Gather(input, mask, validInput);
            validOutput.Resize(mask.ValidSteps, 1);
            ForwardCore(validInput, null, validOutput, Template);
        }

        ValidColumns.Scatter<T>(validOutput.Values, mask.Columns, output.Values, Outputs);
    }

    private void BackwardEachValid(StepMask mask, Sequence<T> outputGradient, Sequence<T> inputGradient)
    {
        (Sequence<T> input, Sequence<T> output, Sequence<T> validOutputGradient, Sequence<T> validInputGradient) = _valid!.Value;
        if (mask.ValidSteps > 0)
        {
            ValidColumns.Gather(outputGradient, mask, validOutputGradient);
            validInputGradient.Resize(mask.ValidSteps, 1);
            BackwardCore(input, output, validOutputGradient, null, validInputGradient, Template);
        }

        ValidColumns.Scatter<T>(validInputGradient.Values, mask.Columns, inputGradient.Values, Inputs);
    }
}

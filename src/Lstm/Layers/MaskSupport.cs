namespace Lstm.Layers;

/// <summary>What a layer does with sequences of different length, and with gaps in them: with a <see cref="StepMask"/>.</summary>
public enum MaskSupport
{
    /// <summary>It takes none: an input with a mask is refused, unless every step is valid.</summary>
    None,

    /// <summary>
    /// The output of a step depends only on that step's input, and the layer has no state. Its Core methods are given the
    /// valid steps only, one after another as if they were a single sequence, and no mask. The output of a
    /// step that is not valid is zero.
    /// </summary>
    EachStep,

    /// <summary>
    /// The Core methods find the mask in the input's <see cref="Sequence{T}.Mask"/> or among their arguments, and keep to it:
    /// what stands at a step that is not valid makes no difference, NaN included; its gradient is zero; past the end of a
    /// sequence the output is zero; and the final state is that after each sequence's last valid step.
    /// </summary>
    Full,
}

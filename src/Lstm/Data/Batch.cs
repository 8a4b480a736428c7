using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// A batch of sequences to learn from: the inputs and their targets, class indices or numbers, for each step or, for a
/// network that gives one step, for each sequence.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Batch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<int> _classes;
    private readonly ReadOnlyMemory<T> _weights;

    private Batch(Sequence<T> inputs, ReadOnlyMemory<int> classes, Sequence<T>? targets, ReadOnlyMemory<T> weights) =>
        (Inputs, _classes, Targets, _weights) = (inputs, classes, targets, weights);

    /// <summary>T × B × I: what the network is given.</summary>
    public Sequence<T> Inputs { get; }

    /// <summary>
    /// The target class at step t of sequence b, at <c>t·B + b</c>; empty if the targets are numbers.
    /// </summary>
    public ReadOnlySpan<int> Classes => _classes.Span;

    /// <summary>The target numbers, of the shape of the network's output; null if the targets are classes.</summary>
    public Sequence<T>? Targets { get; }

    /// <summary>How much each counts, at <c>t·B + b</c>; empty if all count alike.</summary>
    public ReadOnlySpan<T> Weights => _weights.Span;

    /// <summary>Makes a batch whose targets are classes. Nothing is copied.</summary>
    /// <param name="inputs">T × B × I.</param>
    /// <param name="classes">T·B indices, or B for a network that gives one step.</param>
    /// <param name="weights">As many numbers, each finite and at least 0; all 1 if empty.</param>
    /// <returns>The batch.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="inputs"/> is null.</exception>
    /// <exception cref="ArgumentException">There are neither T·B nor B classes, or another number of weights.</exception>
    public static Batch<T> OfClasses(
        Sequence<T> inputs, ReadOnlyMemory<int> classes, ReadOnlyMemory<T> weights = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Guard.Shape(
            classes.Length == inputs.Batch || classes.Length == inputs.Steps * inputs.Batch,
            $"one a sequence, {inputs.Batch}, or one a step, {inputs.Steps * inputs.Batch}",
            $"{classes.Length}",
            nameof(classes));
        CheckWeights(weights, classes.Length);
        return new Batch<T>(inputs, classes, null, weights);
    }

    /// <summary>Makes a batch whose targets are numbers. Nothing is copied.</summary>
    /// <param name="inputs">T × B × I.</param>
    /// <param name="targets">T × B × F, or 1 × B × F for a network that gives one step.</param>
    /// <param name="weights">A number for each step and sequence of the targets, finite and at least 0; all 1 if empty.</param>
    /// <returns>The batch.</returns>
    /// <exception cref="ArgumentNullException">A sequence is null.</exception>
    /// <exception cref="ArgumentException">The targets have other steps or sequences, or there is another number of weights.</exception>
    public static Batch<T> OfTargets(Sequence<T> inputs, Sequence<T> targets, ReadOnlyMemory<T> weights = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        Guard.Shape(
            targets.Batch == inputs.Batch && (targets.Steps == inputs.Steps || targets.Steps == 1),
            $"of {inputs.Batch} sequences and 1 or {inputs.Steps} steps",
            $"{targets}",
            nameof(targets));
        CheckWeights(weights, targets.Steps * targets.Batch);
        return new Batch<T>(inputs, default, targets, weights);
    }

    /// <summary>Takes a batch of tokens, whose targets are the next tokens. It shares the memory of the batch.</summary>
    /// <param name="tokens">The batch.</param>
    /// <returns>The same as a batch for any network.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tokens"/> is null.</exception>
    public static Batch<T> Of(TokenBatch<T> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return new Batch<T>(tokens.Inputs, tokens.TargetMemory, null, tokens.WeightMemory);
    }

    /// <summary>Says what the batch is, not what is in it.</summary>
    /// <returns>For example <c>Batch of Sequence&lt;Single&gt; of 28 steps × 7 sequences × 3 features, 7 classes</c>.</returns>
    public override string ToString() =>
        $"Batch of {Inputs}, {(Targets is null ? $"{_classes.Length} classes" : $"targets {Targets}")}";

    private static void CheckWeights(ReadOnlyMemory<T> weights, int count)
    {
        if (!weights.IsEmpty)
        {
            Guard.Length(weights.Length, count, "one for each class or target", nameof(weights));
        }
    }
}

using System.Numerics;

namespace Lstm.Data;

/// <summary>One sequence of any length to learn from, and its target: <see cref="ExampleBatches{T}"/> makes batches of them.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Example<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<int> _classes;
    private readonly ReadOnlyMemory<T> _weights;

    private Example(Sequence<T> inputs, ReadOnlyMemory<int> classes, Sequence<T>? targets, ReadOnlyMemory<T> weights) =>
        (Inputs, _classes, Targets, _weights) = (inputs, classes, targets, weights);

    /// <summary>T × 1 × I: what the network is given.</summary>
    public Sequence<T> Inputs { get; }

    /// <summary>The target class, of the whole sequence or of each step; empty if the target is numbers.</summary>
    public ReadOnlySpan<int> Classes => _classes.Span;

    /// <summary>The target numbers, T × 1 × F or 1 × 1 × F; null if the target is classes.</summary>
    public Sequence<T>? Targets { get; }

    /// <summary>How much each step, or the whole, counts; empty if all count alike.</summary>
    public ReadOnlySpan<T> Weights => _weights.Span;

    /// <summary>T, the number of steps.</summary>
    public int Length => Inputs.Steps;

    /// <summary>Makes an example of one class for the whole sequence. Nothing is copied.</summary>
    /// <param name="inputs">T × 1 × I.</param>
    /// <param name="index">The index of the class; at least 0.</param>
    /// <param name="weight">How much it counts; finite, at least 0, and 1 unless set.</param>
    /// <returns>The example.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="inputs"/> is null.</exception>
    /// <exception cref="ArgumentException">The inputs are of more than one sequence.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index or the weight is out of its range.</exception>
    public static Example<T> OfClass(Sequence<T> inputs, int index, double weight = 1)
    {
        CheckInputs(inputs);
        Guard.Index(index, int.MaxValue);
        Guard.InRange(weight, 0, double.PositiveInfinity);
        return new Example<T>(
            inputs, new[] { index }, null, weight == 1 ? default : new[] { T.CreateTruncating(weight) });
    }

    /// <summary>Makes an example of a class for each step. Nothing is copied.</summary>
    /// <param name="inputs">T × 1 × I.</param>
    /// <param name="classes">T indices.</param>
    /// <param name="weights">T numbers, each finite and at least 0; all 1 if empty.</param>
    /// <returns>The example.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="inputs"/> is null.</exception>
    /// <exception cref="ArgumentException">The inputs are of more than one sequence, or there are not T classes or weights.</exception>
    public static Example<T> OfClasses(
        Sequence<T> inputs, ReadOnlyMemory<int> classes, ReadOnlyMemory<T> weights = default)
    {
        CheckInputs(inputs);
        Guard.Length(classes.Length, inputs.Steps, "one for each step", nameof(classes));
        CheckWeights(weights, inputs.Steps);
        return new Example<T>(inputs, classes, null, weights);
    }

    /// <summary>Makes an example of numbers, for the whole sequence or for each step. Nothing is copied.</summary>
    /// <param name="inputs">T × 1 × I.</param>
    /// <param name="targets">1 × 1 × F for the whole, T × 1 × F for each step.</param>
    /// <param name="weights">As many numbers as the targets have steps, each finite and at least 0; all 1 if empty.</param>
    /// <returns>The example.</returns>
    /// <exception cref="ArgumentNullException">A sequence is null.</exception>
    /// <exception cref="ArgumentException">
    /// The inputs or targets are of more than one sequence, or the steps or the weights are of another number.
    /// </exception>
    public static Example<T> OfTargets(Sequence<T> inputs, Sequence<T> targets, ReadOnlyMemory<T> weights = default)
    {
        CheckInputs(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        Guard.Shape(
            targets.Batch == 1 && (targets.Steps == 1 || targets.Steps == inputs.Steps),
            $"of one sequence of 1 or {inputs.Steps} steps",
            $"{targets}",
            nameof(targets));
        CheckWeights(weights, targets.Steps);
        return new Example<T>(inputs, default, targets, weights);
    }

    /// <summary>Says what the example is, not what is in it.</summary>
    /// <returns>For example <c>Example of 28 steps × 3 features, 1 classes</c>.</returns>
    public override string ToString() =>
        $"Example of {Length} steps × {Inputs.Features} features, "
        + (Targets is null ? $"{_classes.Length} classes" : $"targets of {Targets.Steps} steps × {Targets.Features} features");

    /// <summary>Whether there is a target for each step, and not one for the whole; null if there is only one step.</summary>
    internal bool? IsEachStep => Length == 1 ? null : (Targets?.Steps ?? _classes.Length) == Length;

    private static void CheckInputs(Sequence<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Guard.Shape(
            inputs.Batch == 1 && inputs.Mask is null, "of one sequence without a mask", $"{inputs}", nameof(inputs));
    }

    private static void CheckWeights(ReadOnlyMemory<T> weights, int count)
    {
        if (!weights.IsEmpty)
        {
            Guard.Length(weights.Length, count, "one for each class or step of the targets", nameof(weights));
        }
    }
}

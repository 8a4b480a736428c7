namespace Lstm;

/// <summary>
/// Which steps of a batch of sequences are there, and which are padding: T × B times yes or no. It is made once and does
/// not change, so that any number of <see cref="Sequence{T}"/> and threads may share it.
/// </summary>
/// <remarks>
/// A sequence ends with its last valid step: <see cref="LengthOf"/>. A step that is not valid and comes before the end is
/// a gap. A sequence may have no valid step at all.
/// </remarks>
public sealed class StepMask
{
    private readonly bool[] _values;
    private readonly int[] _lengths;
    private readonly int[] _columns;

    private StepMask(int steps, int batch, bool[] values)
    {
        (Steps, Batch, _values) = (steps, batch, values);
        _lengths = new int[batch];
        _columns = new int[values.AsSpan().Count(true)];
        long upToTheEnds = 0;
        for (int n = 0, column = 0; n < values.Length; n++)
        {
            if (values[n])
            {
                _columns[column++] = n;
                _lengths[n % batch] = (n / batch) + 1;
            }
        }

        foreach (int length in _lengths)
        {
            upToTheEnds += length;
        }

        HasGaps = upToTheEnds > _columns.Length;
    }

    /// <summary>T, the number of steps, valid or not.</summary>
    public int Steps { get; }

    /// <summary>B, the number of sequences.</summary>
    public int Batch { get; }

    /// <summary>The number of valid steps of all sequences; 0 is possible.</summary>
    public int ValidSteps => _columns.Length;

    /// <summary>Whether every step of every sequence is valid, as if there were no mask.</summary>
    public bool IsFull => _columns.Length == _values.Length;

    /// <summary>Whether a sequence has a step that is not valid before one that is.</summary>
    public bool HasGaps { get; }

    /// <summary>The length of each sequence; see <see cref="LengthOf"/>.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Whether each step is valid: T·B times, step t of sequence b at <c>t·B + b</c>.</summary>
    public ReadOnlySpan<bool> Values => _values;

    /// <summary>The places of the valid steps, in order: each is a t·B + b.</summary>
    internal ReadOnlySpan<int> Columns => _columns;

    /// <summary>
    /// The same for sequences that are each turned round within their lengths: step t of a sequence of length L becomes
    /// step L − 1 − t. A sequence that starts with a gap is then shorter.
    /// </summary>
    internal StepMask Reversed => HasGaps ? field ??= Reverse() : this;

    /// <summary>Whether a step is valid.</summary>
    /// <param name="step">t, from 0 to T − 1.</param>
    /// <param name="sequence">b, from 0 to B − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of its range.</exception>
    public bool this[int step, int sequence]
    {
        get
        {
            Guard.Index(step, Steps);
            Guard.Index(sequence, Batch);
            return _values[(step * Batch) + sequence];
        }
    }

    /// <summary>Makes a mask without gaps: each sequence is valid up to its length, and padding from there.</summary>
    /// <param name="steps">T, the number of steps; at least 1.</param>
    /// <param name="lengths">The length of each of the B sequences, from 0 to T; at least one sequence.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> or a length is out of its range.</exception>
    /// <exception cref="ArgumentException">There is no length.</exception>
    public static StepMask FromLengths(int steps, params ReadOnlySpan<int> lengths)
    {
        bool[] values = new bool[CheckedSize(steps, lengths.Length, nameof(lengths))];
        for (int b = 0; b < lengths.Length; b++)
        {
            if ((uint)lengths[b] > (uint)steps)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(lengths), lengths[b], $"lengths must be from 0 to {steps}, but that of sequence {b} is {lengths[b]}.");
            }

            for (int t = 0; t < lengths[b]; t++)
            {
                values[(t * lengths.Length) + b] = true;
            }
        }

        return new StepMask(steps, lengths.Length, values);
    }

    /// <summary>Makes a mask of any steps, as Keras has them.</summary>
    /// <param name="steps">T, the number of steps; at least 1.</param>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <param name="values">Whether each step is valid: T·B times, step t of sequence b at <c>t·B + b</c>. They are copied.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or T·B is more than an array can hold.</exception>
    /// <exception cref="ArgumentException">There are not T·B values.</exception>
    public static StepMask FromValues(int steps, int batch, ReadOnlySpan<bool> values)
    {
        Guard.Length(values.Length, Guard.Size(steps, batch), "steps × batch", nameof(values));
        return new StepMask(steps, batch, values.ToArray());
    }

    /// <summary>The length of a sequence: its last valid step and all before it.</summary>
    /// <param name="sequence">b, from 0 to B − 1.</param>
    /// <returns>From 0, if no step is valid, to T.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public int LengthOf(int sequence)
    {
        Guard.Index(sequence, Batch);
        return _lengths[sequence];
    }

    /// <summary>Says what the mask is of, and how much of it is valid.</summary>
    /// <returns>For example <c>StepMask of 28 steps × 7 sequences, 150 valid</c>.</returns>
    public override string ToString() =>
        $"StepMask of {Steps} steps × {Batch} sequences, {ValidSteps} valid{(HasGaps ? ", with gaps" : string.Empty)}";

    private static int CheckedSize(int steps, int sequences, string name)
    {
        Guard.Positive(steps);
        Guard.Shape(sequences > 0, "of at least one sequence", "empty", name);
        return Guard.Size(steps, sequences);
    }

    private StepMask Reverse()
    {
        bool[] values = new bool[_values.Length];
        foreach (int column in _columns)
        {
            (int t, int b) = Math.DivRem(column, Batch);
            values[((_lengths[b] - 1 - t) * Batch) + b] = true;
        }

        return new StepMask(Steps, Batch, values);
    }
}

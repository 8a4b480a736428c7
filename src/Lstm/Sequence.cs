using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm;

/// <summary>
/// A batch of sequences: <see cref="Steps"/> × <see cref="Batch"/> × <see cref="Features"/> numbers, stored step by
/// step, sequence by sequence, features innermost. Element (t, b, f) is at <c>(t·B + b)·F + f</c>, so that one step is
/// a column-major F × B matrix, and the whole a column-major F × (T·B) matrix.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sequence<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private T[] _values;

    /// <summary>Makes a batch of sequences of zeros.</summary>
    /// <param name="steps">T, the number of time steps; at least 1.</param>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <param name="features">F, the numbers at each step; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or T·B·F is more than an array can hold.</exception>
    public Sequence(int steps, int batch, int features)
    {
        Guard.ElementType<T>();
        _values = new T[CheckedLength(steps, batch, features)];
        (Steps, Batch, Features) = (steps, batch, features);
    }

    /// <summary>
    /// Makes an empty sequence, to be given its size by <see cref="Resize"/> before it is used: a layer that has not been run
    /// takes no memory besides its parameters.
    /// </summary>
    internal Sequence(int features) => (_values, Features) = ([], features);

    /// <summary>Makes a batch of sequences over an array, which is used as it is and not copied.</summary>
    /// <param name="steps">T, the number of time steps; at least 1.</param>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <param name="features">F, the numbers at each step; at least 1.</param>
    /// <param name="values">T·B·F numbers, element (t, b, f) at <c>(t·B + b)·F + f</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="values"/> has another length than T·B·F.</exception>
    public Sequence(int steps, int batch, int features, T[] values)
    {
        Guard.ElementType<T>();
        ArgumentNullException.ThrowIfNull(values);
        Guard.Length(values.Length, CheckedLength(steps, batch, features), "steps × batch × features", nameof(values));
        _values = values;
        (Steps, Batch, Features) = (steps, batch, features);
    }

    /// <summary>T, the number of time steps.</summary>
    public int Steps { get; private set; }

    /// <summary>B, the number of sequences in the batch.</summary>
    public int Batch { get; private set; }

    /// <summary>F, the numbers at each step of a sequence.</summary>
    public int Features { get; }

    /// <summary>
    /// Which steps are valid, and which are padding or a gap; null, unless set, if all are. The numbers at a step that is
    /// not valid make no difference to a layer or a loss. The output of a layer has the mask of its input.
    /// </summary>
    /// <exception cref="ArgumentException">The mask is of another number of steps or sequences.</exception>
    public StepMask? Mask
    {
        get;
        set
        {
            Guard.Shape(
                value is null || (value.Steps == Steps && value.Batch == Batch),
                $"of {Steps} steps × {Batch} sequences",
                $"{value}",
                nameof(Mask));
            field = value;
        }
    }

    /// <summary>The mask, unless every step is valid.</summary>
    internal StepMask? Gaps => Mask is { IsFull: false } mask ? mask : null;

    /// <summary>All T·B·F numbers, element (t, b, f) at <c>(t·B + b)·F + f</c>.</summary>
    public Span<T> Values => _values.AsSpan(0, Steps * Batch * Features);

    /// <summary>One number.</summary>
    /// <param name="step">t, from 0 to T − 1.</param>
    /// <param name="sequence">b, from 0 to B − 1.</param>
    /// <param name="feature">f, from 0 to F − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of its range.</exception>
    public T this[int step, int sequence, int feature]
    {
        get => At(step, sequence)[Checked(feature)];
        set => At(step, sequence)[Checked(feature)] = value;
    }

    /// <summary>Takes a matrix for each step, one column a sequence.</summary>
    /// <param name="steps">T matrices, each F × B. They are copied.</param>
    /// <returns>A batch of T steps, B sequences and F features.</returns>
    /// <exception cref="ArgumentNullException">The list or one of its matrices is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, or its matrices differ in shape.</exception>
    public static Sequence<T> FromMatrices(IReadOnlyList<Matrix<T>> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        Guard.Shape(steps.Count > 0, "a list of at least one matrix", "empty", nameof(steps));
        Matrix<T> first = steps[0] ?? throw new ArgumentNullException(nameof(steps), "steps[0] is null.");
        for (int t = 1; t < steps.Count; t++)
        {
            Matrix<T> step = steps[t] ?? throw new ArgumentNullException(nameof(steps), $"steps[{t}] is null.");
            Guard.Shape(
                step.RowCount == first.RowCount && step.ColumnCount == first.ColumnCount,
                $"matrices of one shape, {first.RowCount} × {first.ColumnCount} as the first",
                $"{step.RowCount} × {step.ColumnCount} at step {t}",
                nameof(steps));
        }

        var sequence = new Sequence<T>(steps.Count, first.ColumnCount, first.RowCount);
        for (int t = 0; t < steps.Count; t++)
        {
            steps[t].ToColumnMajorArray().CopyTo(sequence.Step(t));
        }

        return sequence;
    }

    /// <summary>Takes one matrix whose columns are the steps; with a batch, B neighbouring columns are one step.</summary>
    /// <param name="columns">An F × (T·B) matrix. It is copied.</param>
    /// <param name="batch">B, the number of sequences; 1 by default.</param>
    /// <returns>A batch of T steps, B sequences and F features.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="columns"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The number of columns is not a multiple of <paramref name="batch"/>.</exception>
    public static Sequence<T> FromColumns(Matrix<T> columns, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Guard.Positive(batch);
        Guard.Shape(
            columns.ColumnCount % batch == 0,
            $"a matrix with a multiple of {batch} columns",
            $"{columns.RowCount} × {columns.ColumnCount}",
            nameof(columns));
        return new Sequence<T>(columns.ColumnCount / batch, batch, columns.RowCount, columns.ToColumnMajorArray());
    }

    /// <summary>Takes an array indexed [step, sequence, feature], as PyTorch's with <c>batch_first=False</c>.</summary>
    /// <param name="values">T × B × F numbers. They are copied.</param>
    /// <returns>A batch of T steps, B sequences and F features.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length of the array is 0.</exception>
    public static Sequence<T> FromArray(T[,,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var sequence = new Sequence<T>(values.GetLength(0), values.GetLength(1), values.GetLength(2));
        Flatten(values).CopyTo(sequence.Values);
        return sequence;
    }

    /// <summary>Takes an array indexed [step, feature] as a single sequence.</summary>
    /// <param name="values">T × F numbers. They are copied.</param>
    /// <returns>A batch of T steps, one sequence and F features.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length of the array is 0.</exception>
    public static Sequence<T> FromArray(T[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var sequence = new Sequence<T>(values.GetLength(0), 1, values.GetLength(1));
        Flatten(values).CopyTo(sequence.Values);
        return sequence;
    }

    /// <summary>
    /// Lays sequences of any lengths side by side in a batch, as PyTorch's <c>pad_sequence</c>: the shorter ones are filled up
    /// with zeros, and the <see cref="Mask"/> says where each one ends.
    /// </summary>
    /// <param name="sequences">B sequences, each T × 1 × F with a T of its own, without a mask. They are copied.</param>
    /// <returns>A batch of as many steps as the longest has; without a mask if all are of one length.</returns>
    /// <exception cref="ArgumentNullException">The list or a sequence is null.</exception>
    /// <exception cref="ArgumentException">
    /// The list is empty, one is a batch of several or has a mask, or the features differ.
    /// </exception>
    public static Sequence<T> Pad(params IReadOnlyList<Sequence<T>> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        Guard.Shape(sequences.Count > 0, "a list of at least one sequence", "empty", nameof(sequences));
        int[] lengths = new int[sequences.Count];
        for (int b = 0; b < lengths.Length; b++)
        {
            Sequence<T> one = Guard.NotNull(sequences[b], $"{nameof(sequences)}[{b}]");
            Guard.Shape(
                one is { Batch: 1, Mask: null } && one.Features == sequences[0].Features,
                $"of one sequence each of {sequences[0].Features} features, without a mask",
                $"{one} at {b}",
                nameof(sequences));
            lengths[b] = one.Steps;
        }

        var batch = new Sequence<T>(lengths.Max(), lengths.Length, sequences[0].Features);
        for (int b = 0; b < lengths.Length; b++)
        {
            for (int t = 0; t < lengths[b]; t++)
            {
                sequences[b].At(t, 0).CopyTo(batch.At(t, b));
            }
        }

        batch.Mask = lengths.Min() == batch.Steps ? null : StepMask.FromLengths(batch.Steps, lengths);
        return batch;
    }

    /// <summary>The numbers of one step, an F × B matrix in column-major order.</summary>
    /// <param name="step">t, from 0 to T − 1.</param>
    /// <returns>B·F numbers; writing to them writes to the sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is out of its range.</exception>
    public Span<T> Step(int step)
    {
        Guard.Index(step, Steps);
        return _values.AsSpan(step * Batch * Features, Batch * Features);
    }

    /// <summary>The features of one sequence at one step.</summary>
    /// <param name="step">t, from 0 to T − 1.</param>
    /// <param name="sequence">b, from 0 to B − 1.</param>
    /// <returns>F numbers; writing to them writes to the sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of its range.</exception>
    public Span<T> At(int step, int sequence)
    {
        Guard.Index(step, Steps);
        Guard.Index(sequence, Batch);
        return _values.AsSpan(((step * Batch) + sequence) * Features, Features);
    }

    /// <summary>Copies one step into a matrix.</summary>
    /// <param name="step">t, from 0 to T − 1.</param>
    /// <returns>An F × B matrix, one column a sequence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is out of its range.</exception>
    public Matrix<T> ToMatrix(int step) => Matrix<T>.Build.Dense(Features, Batch, Step(step).ToArray());

    /// <summary>Copies every step into a matrix of its own.</summary>
    /// <returns>T matrices, each F × B, one column a sequence.</returns>
    public IReadOnlyList<Matrix<T>> ToMatrices() => [.. Enumerable.Range(0, Steps).Select(ToMatrix)];

    /// <summary>Copies all steps into one matrix.</summary>
    /// <returns>An F × (T·B) matrix; column t·B + b is sequence b at step t.</returns>
    public Matrix<T> ToColumns() => Matrix<T>.Build.Dense(Features, Steps * Batch, Values.ToArray());

    /// <summary>Copies all numbers into an array indexed [step, sequence, feature].</summary>
    /// <returns>T × B × F numbers.</returns>
    public T[,,] ToArray()
    {
        var array = new T[Steps, Batch, Features];
        Values.CopyTo(Flatten(array));
        return array;
    }

    /// <summary>Copies the sequence.</summary>
    /// <returns>A sequence of the same shape, numbers and mask over an array of its own.</returns>
    public Sequence<T> Clone() => new(Steps, Batch, Features, Values.ToArray()) { Mask = Mask };

    /// <summary>Says what this is, not what is in it.</summary>
    /// <returns>For example <c>Sequence&lt;Single&gt; of 28 steps × 7 sequences × 27 features</c>.</returns>
    public override string ToString() =>
        $"Sequence<{typeof(T).Name}> of {Steps} steps × {Batch} sequences × {Features} features";

    /// <summary>
    /// Changes the number of steps and sequences, keeping the array while it is large enough: what a layer hands out
    /// call after call is one object that grows to the largest shape seen and then allocates no more. It has no mask then.
    /// </summary>
    internal void Resize(int steps, int batch)
    {
        int length = CheckedLength(steps, batch, Features);
        if (length > _values.Length)
        {
            _values = new T[length];
        }

        (Steps, Batch, Mask) = (steps, batch, null);
    }

    private static int CheckedLength(int steps, int batch, int features)
    {
        Guard.Positive(steps);
        Guard.Positive(batch);
        Guard.Positive(features);
        long length = (long)steps * batch * features;
        if (length / features != (long)steps * batch || length > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps),
                $"steps × batch × features must be at most {Array.MaxLength}, but is {steps} × {batch} × {features}.");
        }

        return (int)length;
    }

    private static Span<T> Flatten(Array values) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
            ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(
                ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(values)),
            values.Length);

    private int Checked(int feature)
    {
        Guard.Index(feature, Features);
        return feature;
    }
}

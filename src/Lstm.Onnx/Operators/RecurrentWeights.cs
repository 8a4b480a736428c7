using System.Numerics;

namespace Lstm.Onnx.Operators;

/// <summary>
/// The weights of a recurrent node: W of D × G·H × I, R of D × G·H × H, and if they are there B of D × 2·G·H and P of
/// D × 3·H, for D directions, G gates and H hidden units.
/// </summary>
internal sealed record RecurrentWeights<T>(OnnxTensor<T> Input, OnnxTensor<T> Recurrent, OnnxTensor<T>? Bias, OnnxTensor<T>? Peepholes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The hidden state before the first step of all sequences, D × 1 × H, if it is a weight as well; of LSTMs alone.</summary>
    public OnnxTensor<T>? InitialHidden { get; init; }

    /// <summary>The cell state before the first step, as <see cref="InitialHidden"/>.</summary>
    public OnnxTensor<T>? InitialCell { get; init; }

    public int Directions => Input.Sizes[0];

    public int Inputs => Input.Sizes[2];

    public int Units => Recurrent.Sizes[2];

    private int Rows => Input.Sizes[1];

    /// <summary>Says what does not fit; null if all does.</summary>
    public string? Problem(int directions, int gates, long hiddenSize)
    {
        bool fits = !Input.IsInteger && !Recurrent.IsInteger && Input.Sizes is [_, _, >= 1] && Recurrent.Sizes is [_, _, >= 1]
            && Units <= int.MaxValue / 8
            && Input.Sizes[..2].AsSpan().SequenceEqual([directions, gates * Units])
            && Recurrent.Sizes[..2].AsSpan().SequenceEqual([directions, gates * Units])
            && (hiddenSize == 0 || hiddenSize == Units)
            && Is(Bias, 2 * gates * Units)
            && Is(Peepholes, 3 * Units)
            && IsState(InitialHidden)
            && IsState(InitialCell);
        return fits
            ? null
            : $"its weights W, R, B and P do not fit together for {directions} directions, {gates} gates and a hidden_size of {hiddenSize}";

        bool Is(OnnxTensor<T>? tensor, int length) =>
            tensor is null || (!tensor.IsInteger && tensor.Sizes.AsSpan().SequenceEqual([directions, length]));

        bool IsState(OnnxTensor<T>? tensor) =>
            tensor is null || (!tensor.IsInteger && tensor.Sizes.AsSpan().SequenceEqual([directions, 1, Units]));
    }

    /// <summary>Whether these are made of the very same tensors.</summary>
    public bool Same(RecurrentWeights<T> other) =>
        Input == other.Input && Recurrent == other.Recurrent && Bias == other.Bias && Peepholes == other.Peepholes;

    /// <summary>Fills W or U (rows × columns, column by column) with a direction's rows in this library's order.</summary>
    public static void CopyRows(OnnxTensor<T> tensor, int direction, Parameter<T> parameter, Func<int, int> rowInOnnx)
    {
        (int rows, int columns) = (parameter.Rows, parameter.Columns);
        int size = tensor.Sizes[1] * columns;
        ReadOnlySpan<T> source = tensor.Numbers.AsSpan(direction * size, size);
        var values = new T[parameter.Count];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> from = source.Slice(rowInOnnx(row) * columns, columns);
            for (int column = 0; column < columns; column++)
            {
                values[(column * rows) + row] = from[column];
            }
        }

        parameter.CopyFrom(values);
    }

    /// <summary>The bias of the input (part 0) or of the recurrence (part 1) in a row of a direction.</summary>
    public T BiasOf(int direction, int part, int row) => Bias!.Numbers[(((direction * 2) + part) * Rows) + row];

    /// <summary>Fills the bias with the sums of a direction's two.</summary>
    public void CopyBias(int direction, Parameter<T> bias, Func<int, int> rowInOnnx) =>
        bias.CopyFrom([.. Enumerable.Range(0, bias.Count).Select(rowInOnnx)
            .Select(row => BiasOf(direction, 0, row) + BiasOf(direction, 1, row))]);

    /// <summary>Fills the peephole weights, if the layer has any, with a direction's three blocks.</summary>
    public void CopyPeepholes(int direction, Parameter<T>? peepholes, Func<int, int> rowInOnnx) =>
        peepholes?.CopyFrom([.. Enumerable.Range(0, peepholes.Count)
            .Select(row => Peepholes!.Numbers[(direction * 3 * Units) + rowInOnnx(row)])]);

    /// <summary>Copies a direction's part of a state before the first step; zeros without one.</summary>
    public void CopyState(OnnxTensor<T>? state, int direction, Parameter<T> parameter)
    {
        if (state is not null)
        {
            parameter.CopyFrom(state.Values.Slice(direction * Units, Units));
        }
    }
}

using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// One sequence that comes step by step through a whole model: one step in, one step out, with a state of its own that can
/// be saved, restored, copied and reset. It holds the state and nothing else, so that thousands of streams may share one
/// model's weights. <see cref="ModelStreams{T}"/> opens them, and steps many of them together.
/// </summary>
/// <remarks>
/// Different streams may be stepped by different threads at the same time; one stream is for one call at a time, and a
/// second one is refused. The model must not be trained meanwhile.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ModelStream<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StreamCore<T> _core;
    private readonly T[] _output;

    internal ModelStream(Layer<T> model) =>
        (Model, _core, _output) = (model, new StreamCore<T>(model.CreateState(1)), new T[model.Outputs]);

    /// <summary>The model whose weights the stream is computed with.</summary>
    public Layer<T> Model { get; }

    /// <summary>
    /// The state after the latest step, of one sequence; zeros at the start. It belongs to the stream, which goes on from
    /// whatever stands in it.
    /// </summary>
    public LayerState<T> State => _core.State;

    /// <summary>The number of steps taken since the start or the latest <see cref="Reset"/>.</summary>
    public long Steps => _core.Steps;

    /// <summary>Takes one step, without an allocation.</summary>
    /// <param name="input">The model's inputs.</param>
    /// <returns>The model's outputs, in memory of the stream that its next step of this kind overwrites.</returns>
    /// <exception cref="ArgumentException">The input has another length, or one that the model cannot take.</exception>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public ReadOnlySpan<T> Step(ReadOnlySpan<T> input)
    {
        Step(input, _output);
        return _output;
    }

    /// <summary>Takes one step, without an allocation.</summary>
    /// <param name="input">The model's inputs.</param>
    /// <param name="output">The model's outputs, overwritten; apart from the input in memory.</param>
    /// <exception cref="ArgumentException">
    /// A span has another length, the input is one that the model cannot take, or the spans overlap.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Step(ReadOnlySpan<T> input, Span<T> output)
    {
        Enter();
        try
        {
            Model.Step(input, State, output);
            Count();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Starts anew, at the state that the model starts from.</summary>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Reset()
    {
        Enter();
        Model.Start(State);
        _core.Steps = 0;
        Leave();
    }

    /// <summary>Makes another stream that stands where this one does, and goes its own way from there.</summary>
    /// <returns>A stream of the same model.</returns>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public ModelStream<T> Clone()
    {
        var clone = new ModelStream<T>(Model);
        _core.CopyTo(clone._core);
        return clone;
    }

    /// <summary>Writes down where the stream stands: the state and the number of steps, not the weights.</summary>
    /// <returns>Bytes for <see cref="Restore(ReadOnlySpan{byte})"/>, the same on every machine.</returns>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public byte[] Save() => _core.Save();

    /// <summary>Writes what <see cref="Save()"/> gives into a stream of bytes, in which anything may follow.</summary>
    /// <param name="stream">Where to write. It is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Save(Stream stream) => _core.Save(stream);

    /// <summary>Goes on from where another stream, or this one, stood when it was saved.</summary>
    /// <param name="saved">What <see cref="Save()"/> gave, for a model of the same layers and element type.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are damaged, of another model or element type, or of a later version. The stream is as it was before.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Restore(ReadOnlySpan<byte> saved) => _core.Restore(saved);

    /// <summary>Goes on from where a stream stood when it was saved into a stream of bytes, of which no more is read.</summary>
    /// <param name="stream">Where to read. It is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="InvalidDataException">As of <see cref="Restore(ReadOnlySpan{byte})"/>.</exception>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Restore(Stream stream) => _core.Restore(stream);

    /// <summary>Says whose stream this is, and how far it has come.</summary>
    /// <returns>For example <c>ModelStream&lt;Single&gt; after 12 steps of DenseLayer&lt;Single&gt; 32 → 27, 891 parameters</c>.</returns>
    public override string ToString() => $"ModelStream<{typeof(T).Name}> after {Steps} steps of {Model}";

    /// <summary>Holds the stream for one call.</summary>
    internal void Enter() => _core.Enter();

    internal void Leave() => _core.Leave();

    /// <summary>Counts a step, that was taken alone or together with other streams.</summary>
    internal void Count() => _core.Steps++;
}

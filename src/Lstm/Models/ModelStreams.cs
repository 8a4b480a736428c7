using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// Opens streams of one model, and takes a step of many of them at once: their states are gathered into that of a batch,
/// which takes the step, and scattered again. On one set of weights a step of a batch costs far less than as many single
/// steps, since the weights are read once for all.
/// </summary>
/// <remarks>
/// Any number of threads may open and step streams at the same time, as long as each stream is in one call only. A call uses
/// up to the model's <see cref="Layer{T}.Threads"/>. The model must not be trained meanwhile.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ModelStreams<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Streams that are stepped as one batch; beyond that nothing is gained any more.</summary>
    private const int MaxBatch = 128;

    /// <summary>
    /// Larger batches are filled up to a multiple of this many, with columns that nobody reads, so that there are not as
    /// many states of batches to keep as there are sizes.
    /// </summary>
    private const int Rounding = 8;

    private readonly Pool<Scratch> _scratch;

    /// <summary>Makes what opens the streams of a model.</summary>
    /// <param name="model">A causal layer or network: another one needs the whole sequence before its first output.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The model is not causal.</exception>
    public ModelStreams(Layer<T> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Guard.Shape(model.IsCausal, "a causal model, one that reads the steps in their order", $"{model}", nameof(model));
        Model = model;
        _scratch = new Pool<Scratch>(() => new Scratch(model));
    }

    /// <summary>The model whose weights all streams share.</summary>
    public Layer<T> Model { get; }

    /// <summary>Says whose streams it opens.</summary>
    /// <returns>The model.</returns>
    public override string ToString() => $"ModelStreams<{typeof(T).Name}> of {Model}";

    /// <summary>Opens a stream at a state of zeros.</summary>
    /// <returns>A stream that belongs to the caller. There is nothing to close.</returns>
    public ModelStream<T> Open() => new(Model);

    /// <summary>
    /// Takes one step of each stream, all together, and allocates nothing once warm. Each gets what its own
    /// <see cref="ModelStream{T}.Step(ReadOnlySpan{T}, Span{T})"/> would give it, except for rounding, since sums may be added
    /// up in another order. A refused call changes nothing.
    /// </summary>
    /// <param name="streams">N streams of this model, no one twice; any number, 0 too.</param>
    /// <param name="inputs">N × the model's inputs, stream by stream.</param>
    /// <param name="outputs">N × the model's outputs, stream by stream, overwritten; apart from the inputs in memory.</param>
    /// <exception cref="ArgumentNullException">A stream is null.</exception>
    /// <exception cref="ArgumentException">
    /// A stream is of another model, a span has another length, an input is one that the model cannot take, or the spans
    /// overlap.
    /// </exception>
    /// <exception cref="InvalidOperationException">A stream is given twice, or in another call that has not returned yet.</exception>
    public void Step(ReadOnlySpan<ModelStream<T>> streams, ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        Check(streams, inputs, outputs);
        int entered = 0;
        try
        {
            for (; entered < streams.Length; entered++)
            {
                streams[entered].Enter();
            }

            Scratch scratch = _scratch.Rent();
            for (int start = 0; start < streams.Length; start += MaxBatch)
            {
                int count = Math.Min(MaxBatch, streams.Length - start);
                scratch.Step(
                    streams.Slice(start, count),
                    inputs.Slice(start * Model.Inputs, count * Model.Inputs),
                    outputs.Slice(start * Model.Outputs, count * Model.Outputs));
            }

            _scratch.Return(scratch);
        }
        finally
        {
            for (int n = 0; n < entered; n++)
            {
                streams[n].Leave();
            }
        }
    }

    private void Check(ReadOnlySpan<ModelStream<T>> streams, ReadOnlySpan<T> inputs, ReadOnlySpan<T> outputs)
    {
        for (int n = 0; n < streams.Length; n++)
        {
            ArgumentNullException.ThrowIfNull(streams[n], nameof(streams));
            Guard.Shape(streams[n].Model == Model, $"of the model {Model}", $"of {streams[n].Model}", nameof(streams));
        }

        Guard.Length(inputs.Length, (long)streams.Length * Model.Inputs, "streams × inputs", nameof(inputs));
        Guard.Length(outputs.Length, (long)streams.Length * Model.Outputs, "streams × outputs", nameof(outputs));
        Guard.Shape(!inputs.Overlaps(outputs), "apart from the inputs in memory", "overlapping them", nameof(outputs));
        Model.CheckValues(inputs, null);
    }

    /// <summary>What one call needs for itself: states of batches, and room for inputs and outputs of those filled up.</summary>
    private sealed class Scratch(Layer<T> model)
    {
        private readonly Dictionary<int, LayerState<T>> _states = [];
        private readonly Buffers<T> _buffers = new(2);

        public void Step(ReadOnlySpan<ModelStream<T>> streams, ReadOnlySpan<T> inputs, Span<T> outputs)
        {
            int batch = streams.Length <= Rounding ? streams.Length : (streams.Length + Rounding - 1) / Rounding * Rounding;
            if (!_states.TryGetValue(batch, out LayerState<T>? state))
            {
                state = model.CreateState(batch);
                _states.Add(batch, state);
            }

            for (int n = 0; n < state.Parts.Count; n++)
            {
                Span<T> all = state.Parts[n].Values;
                for (int b = 0; b < streams.Length; b++)
                {
                    Span<T> one = streams[b].State.Parts[n].Values;
                    one.CopyTo(all[(b * one.Length)..]);
                }

                all[(all.Length / batch * streams.Length)..].Clear();
            }

            Span<T> filledInputs = _buffers.Get(0, batch * model.Inputs);
            inputs.CopyTo(filledInputs);
            filledInputs[inputs.Length..].Clear();
            Span<T> filledOutputs = _buffers.Get(1, batch * model.Outputs);
            model.InferInto(filledInputs, filledOutputs, 1, state, null);
            filledOutputs[..outputs.Length].CopyTo(outputs);
            for (int n = 0; n < state.Parts.Count; n++)
            {
                Span<T> all = state.Parts[n].Values;
                for (int b = 0; b < streams.Length; b++)
                {
                    Span<T> one = streams[b].State.Parts[n].Values;
                    all.Slice(b * one.Length, one.Length).CopyTo(one);
                }
            }

            foreach (ModelStream<T> stream in streams)
            {
                stream.Count();
            }
        }
    }
}

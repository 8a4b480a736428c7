using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// Layers in series: the output of one is the input of the next. It is itself a layer, so that everything that works
/// on a layer works on it; its parameters and states are those of its layers, in order. A parameter that several layers
/// share is one parameter of the network, listed where it occurs first; its gradient is the sum of theirs.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Network<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns (steps × sequences) in a chunk of inference: enough to keep the products busy.</summary>
    private const int ChunkColumns = 512;

    private readonly Layer<T>[] _layers;
    private readonly Pool<Buffers<T>> _between;
    private readonly Lazy<ModelStreams<T>> _streams;

    /// <summary>Makes a network.</summary>
    /// <param name="layers">The layers, first to last; each takes what the one before it gives. No layer twice.</param>
    /// <exception cref="ArgumentNullException">The list or a layer is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, a layer stands in it twice, or two neighbours do not fit.</exception>
    public Network(params IReadOnlyList<Layer<T>> layers)
        : base(Checked(layers)[0].Inputs, layers[^1].Outputs, [.. layers.SelectMany(layer => layer.Parameters).Distinct()])
    {
        _layers = [.. layers];
        IsCausal = _layers.All(layer => layer.IsCausal);
        GivesOneStep = _layers.Any(layer => layer.GivesOneStep);
        MaskSupport = SupportOf(_layers);
        CarriesState = _layers.Any(layer => layer.CarriesState);
        _between = new Pool<Buffers<T>>(() => new Buffers<T>(_layers.Length));
        _streams = new Lazy<ModelStreams<T>>(() => IsCausal ? new ModelStreams<T>(this) : throw new InvalidOperationException(
            $"A network that is not causal has no streams, for it needs the whole sequence first: {this}"));
    }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Layer<T>> Layers => _layers;

    /// <summary>Whether every layer is causal.</summary>
    public override bool IsCausal { get; }

    /// <summary>Whether a layer gives one step, and so all layers after it.</summary>
    public override bool GivesOneStep { get; }

    /// <summary>Whether the last layer reads its output in backward.</summary>
    public override bool NeedsOutput => _layers[^1].NeedsOutput;

    /// <inheritdoc/>
    public override MaskSupport MaskSupport { get; }

    /// <inheritdoc/>
    public override int Threads
    {
        get => base.Threads;
        set
        {
            base.Threads = value;
            foreach (Layer<T> layer in _layers)
            {
                layer.Threads = value;
            }
        }
    }

    /// <inheritdoc/>
    public override LayerState<T> CreateState(int batch) =>
        new CompositeState<T>(batch, [.. _layers.Select((layer, n) => ($"{n}", layer.CreateState(batch)))]);

    /// <summary>Opens streams of the network, and steps many of them together.</summary>
    /// <exception cref="InvalidOperationException">The network is not causal.</exception>
    public ModelStreams<T> Streams => _streams.Value;

    /// <summary>Opens a stream of the network: one step in, one step out, with a state of its own.</summary>
    /// <returns>A stream at a state of zeros, which belongs to the caller. There is nothing to close.</returns>
    /// <exception cref="InvalidOperationException">The network is not causal.</exception>
    public ModelStream<T> OpenStream() => Streams.Open();

    /// <inheritdoc/>
    public override void SaveTraining(Snapshot<T> snapshot)
    {
        base.SaveTraining(snapshot);
        for (int n = 0; n < _layers.Length; n++)
        {
            _layers[n].SaveTraining(snapshot.Part($"{n}."));
        }
    }

    /// <inheritdoc/>
    public override void RestoreTraining(Snapshot<T> snapshot)
    {
        base.RestoreTraining(snapshot);
        for (int n = 0; n < _layers.Length; n++)
        {
            _layers[n].RestoreTraining(snapshot.Part($"{n}."));
        }
    }

    /// <summary>A summary to paste into a report: the network and a line for each layer.</summary>
    /// <returns>Kind, sizes and number of parameters, line by line.</returns>
    public override string ToString() =>
        string.Join(Environment.NewLine, _layers.SelectMany(Lines).Prepend(base.ToString()));

    internal override bool CarriesState { get; }

    internal override void Start(LayerState<T> state)
    {
        for (int n = 0; n < _layers.Length; n++)
        {
            _layers[n].Start(CompositeState<T>.Of(state, n)!);
        }
    }

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<T> input, StepMask? mask) =>
        _layers[0].CheckValues(input, mask);

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        Sequence<T> current = input;
        for (int n = 0; n < _layers.Length; n++)
        {
            Layer<T> layer = _layers[n];
            layer.CheckValues(current.Values, current.Gaps);
            bool last = n == _layers.Length - 1;
            current = layer.ForwardInto(
                current,
                CompositeState<T>.Of(initialState, n),
                last ? output : null,
                CompositeState<T>.Of(finalState, n)!);
        }
    }

    /// <inheritdoc/>
    protected override void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        Sequence<T> current = outputGradient;
        for (int n = _layers.Length - 1; n >= 0; n--)
        {
            current = _layers[n].BackwardInto(
                current,
                CompositeState<T>.Of(finalStateGradient, n),
                n == 0 ? inputGradient : null,
                CompositeState<T>.Of(initialStateGradient, n)!);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Takes the steps in chunks through all layers, so that what lies between the layers does not grow with the steps,
    /// unless a layer must see them all at once, or there is a mask.
    /// </remarks>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        int batch = state.Batch;
        bool whole = GivesOneStep || !IsCausal || mask is not null;
        int chunk = whole ? steps : Math.Clamp(ChunkColumns / batch, 1, steps);
        Buffers<T> between = _between.Rent();
        for (int start = 0; start < steps; start += chunk)
        {
            int length = Math.Min(chunk, steps - start);
            ReadOnlySpan<T> current = input.Slice(start * batch * Inputs, length * batch * Inputs);
            for (int n = 0; n < _layers.Length; n++)
            {
                Layer<T> layer = _layers[n];
                layer.CheckValues(current, mask);
                int outputLength = layer.OutputSteps(length);
                Span<T> next = n == _layers.Length - 1
                    ? output.Slice(start * batch * Outputs, outputLength * batch * Outputs)
                    : between.Get(n, outputLength * batch * layer.Outputs);
                layer.InferInto(current, next, length, CompositeState<T>.Of(state, n)!, mask);
                current = next;
                length = outputLength;
                mask = layer.GivesOneStep ? null : mask;
            }
        }

        _between.Return(between);
    }

    /// <summary>What all layers can take; those after one that gives a single step are given no mask.</summary>
    private static MaskSupport SupportOf(Layer<T>[] layers)
    {
        var support = MaskSupport.EachStep;
        foreach (Layer<T> layer in layers)
        {
            if (layer.MaskSupport == MaskSupport.None)
            {
                return MaskSupport.None;
            }

            support = layer.MaskSupport == MaskSupport.Full ? MaskSupport.Full : support;
            if (layer.GivesOneStep)
            {
                break;
            }
        }

        return support;
    }

    /// <summary>The lines of a layer, indented by one level.</summary>
    private static IEnumerable<string> Lines(Layer<T> layer) => $"{layer}".Split(Environment.NewLine).Select(line => "  " + line);

    private static IReadOnlyList<Layer<T>> Checked(IReadOnlyList<Layer<T>> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Guard.Shape(layers.Count > 0, "a list of at least one layer", "empty", nameof(layers));
        for (int n = 0; n < layers.Count; n++)
        {
            ArgumentNullException.ThrowIfNull(layers[n], $"{nameof(layers)}[{n}]");
            Guard.Shape(
                n == 0 || layers[n].Inputs == layers[n - 1].Outputs,
                $"layers that fit: layer {n} must take what layer {n - 1} gives",
                n == 0 ? string.Empty : $"{layers[n - 1]}, then {layers[n]}",
                nameof(layers));
            Guard.Shape(
                layers.Take(n).All(layer => layer != layers[n]), "different layers", $"the same at {n} again", nameof(layers));
        }

        return layers;
    }
}

using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Onnx.Tests.Goldens;

/// <summary>A model that is written as ONNX, and was run by ONNX Runtime.</summary>
public abstract record ExportCase(string Name)
{
    /// <summary>Batches and steps of the runs.</summary>
    public static IReadOnlyList<(int Steps, int Batch)> Shapes { get; } = [(3, 1), (3, 7), (6, 1), (6, 7)];

    public static IReadOnlyList<ExportCase> All { get; } =
    [
        new LayerCase("lstm", () => new LstmLayer<float>(3, 4)),
        new LayerCase("lstm_dense", () => new Network<float>(new LstmLayer<float>(3, 4), new DenseLayer<float>(4, 2))),
        new LayerCase(
            "stack_softmax",
            () => new Network<float>(
                new LstmLayer<float>(3, 5),
                new DropoutLayer<float>(5, 0.5),
                new LstmLayer<float>(5, 4),
                new DenseLayer<float>(4, 3)),
            new OnnxExportOptions { Softmax = true, Opset = 14 }),
        new LayerCase(
            "no_states",
            () => new Network<float>(new StatefulLayer<float>(new LstmLayer<float>(2, 3)), new DenseLayer<float>(3, 2)),
            new OnnxExportOptions { States = false, Opset = 22 }),
        new LayerCase(
            "tokens_tied",
            () =>
            {
                var embedding = new EmbeddingLayer<float>(9, 4);
                return new Network<float>(embedding, new LstmLayer<float>(4, 4), new DenseLayer<float>(embedding));
            }),
        new LayerCase(
            "one_hot_last",
            () => new Network<float>(
                new OneHotLayer<float>(6),
                new LstmLayer<float>(6, 5),
                new LastStepLayer<float>(5),
                new DenseLayer<float>(5, 3)),
            new OnnxExportOptions { Softmax = true }),
        new LayerCase(
            "both_directions",
            () => new Network<float>(
                new BidirectionalLayer<float>(new LstmLayer<float>(3, 4), new LstmLayer<float>(3, 4)),
                new BidirectionalLayer<float>(new LstmLayer<float>(8, 2), new LstmLayer<float>(8, 2), Merge.Average),
                new DenseLayer<float>(2, 3))),
        new LayerCase(
            "sum_and_product",
            () => new Network<float>(
                new BidirectionalLayer<float>(new LstmLayer<float>(3, 4), new LstmLayer<float>(3, 4), Merge.Sum),
                new BidirectionalLayer<float>(new LstmLayer<float>(4, 2), new LstmLayer<float>(4, 2), Merge.Multiply))),
        new LayerCase(
            "residual_reverse",
            () => new Network<float>(
                new ResidualLayer<float>(new LstmLayer<float>(3, 3)),
                new ReverseLayer<float>(new LstmLayer<float>(3, 4)),
                new ReverseLayer<float>(new Network<float>(new LstmLayer<float>(4, 2), new DenseLayer<float>(2, 3))))),
        Lstm("peepholes", new LstmOptions { Peepholes = true }),
        Lstm("peepholes_coupled_clip", new LstmOptions { Peepholes = true, CoupledGates = true, GateClip = 0.75 }),
        Lstm("gate_clip", new LstmOptions { GateClip = 0.5 }),
        Lstm("no_bias", new LstmOptions { UseBias = false }),
        Lstm("activations", new LstmOptions
        {
            GateActivation = Activation.HardSigmoid(0.3, 0.4),
            CandidateActivation = Activation.Softsign,
            OutputActivation = Activation.ScaledTanh(0.9, 1.1),
        }),
        Lstm("other_activations", new LstmOptions
        {
            Peepholes = true,
            GateActivation = Activation.Sigmoid,
            CandidateActivation = Activation.LeakyRelu(0.1),
            OutputActivation = Activation.Identity,
        }),
        Lstm("learnt_start", new LstmOptions { LearnInitialState = true }),
        new LayerCase(
            "learnt_start_alone",
            () => new Network<float>(
                new DenseLayer<float>(2, 3),
                new LstmLayer<float>(3, 4, options: new LstmOptions { LearnInitialState = true }),
                new ReverseLayer<float>(new LstmLayer<float>(4, 2, options: new LstmOptions { LearnInitialState = true }))),
            new OnnxExportOptions { States = false }),
        Lstm("projection", new LstmOptions { Projection = 3, Peepholes = true }),
        Lstm("cell_clip", new LstmOptions { CellClip = 0.4, GateClip = 0.9, CoupledGates = true, LearnInitialState = true }),
        Lstm("layer_normalization", new LstmOptions { LayerNormalization = true, Peepholes = true }, new OnnxExportOptions { Opset = 18 }),
        Lstm(
            "everything",
            new LstmOptions
            {
                LayerNormalization = true,
                UseBias = false,
                CoupledGates = true,
                Peepholes = true,
                Projection = 2,
                CellClip = 0.6,
                HiddenZoneout = 0.2,
                CellZoneout = 0.3,
                LearnInitialState = true,
                GateActivation = Activation.HardSigmoid(0.3, 0.4),
                CandidateActivation = Activation.ScaledTanh(1.1, 0.9),
                OutputActivation = Activation.ThresholdedRelu(0.1),
            },
            new OnnxExportOptions { States = false, Opset = 14 }),
        Lstm("zoneout", new LstmOptions
        {
            HiddenZoneout = 0.1,
            CellZoneout = 0.2,
            CandidateActivation = Activation.Elu(0.8),
            OutputActivation = Activation.Affine(0.5, 0.1),
        }),
        new LayerCase("gru", () => new Network<float>(new GruLayer<float>(3, 4), new DenseLayer<float>(4, 2))),
        new LayerCase(
            "gru_reset_before",
            () => new Network<float>(
                new GruLayer<float>(3, 4, options: new GruOptions { ResetAfter = false }),
                new GruLayer<float>(4, 2, options: new GruOptions { ResetAfter = false, UseBias = false })),
            new OnnxExportOptions { Opset = 14 }),
        new LayerCase(
            "gru_both_directions",
            () => new Network<float>(
                new BidirectionalLayer<float>(new GruLayer<float>(3, 4), new GruLayer<float>(3, 4)),
                new ReverseLayer<float>(new GruLayer<float>(8, 2, options: new GruOptions { UseBias = false })))),
        new LayerCase("rnn", () => new Network<float>(new RnnLayer<float>(3, 4), new ReverseLayer<float>(new RnnLayer<float>(4, 2)))),
        new LayerCase(
            "rnn_activations",
            () => new Network<float>(
                new RnnLayer<float>(3, 4, options: new RnnOptions { Activation = Activation.Elu(0.7), UseBias = false }),
                new RnnLayer<float>(4, 2, options: new RnnOptions { Activation = Activation.ScaledTanh(0.8, 0.5) })),
            new OnnxExportOptions { Opset = 22 }),
        Pooled("pool_mean", Pooling.Mean, new OnnxExportOptions()),
        Pooled("pool_mean_alone", Pooling.Mean, new OnnxExportOptions { States = false, Opset = 14 }),
        Pooled("pool_maximum", Pooling.Maximum, new OnnxExportOptions { Opset = 14 }),
        Pooled("pool_maximum_alone", Pooling.Maximum, new OnnxExportOptions { States = false, Opset = 18 }),
        new ClassifierCase("classifier", new SequenceClassifierOptions { HiddenUnits = 3, Summary = SequenceSummary.Mean }),
        new ClassifierCase("classifier_stream", new SequenceClassifierOptions { HiddenUnits = 3, Layers = 1, Bidirectional = false }),
        new DecoderCase("decoder", new SequenceToSequenceOptions { EmbeddingSize = 3, HiddenUnits = 4, Layers = 2, Peeky = false }),
        new DecoderCase("decoder_peeky", new SequenceToSequenceOptions { EmbeddingSize = 3, HiddenUnits = 4, Layers = 1, Dropout = 0.2 }),
        .. OfLengths(),
    ];

    /// <summary>What this library computes for each of the shapes.</summary>
    public IReadOnlyList<OnnxRun> Runs() => [.. Shapes.Select(shape => Run(shape.Steps, shape.Batch))];

    /// <summary>The model as ONNX.</summary>
    public byte[] Write()
    {
        using var stream = new MemoryStream();
        Save(stream);
        return stream.ToArray();
    }

    public sealed override string ToString() => Name;

    protected abstract void Save(Stream stream);

    protected abstract OnnxRun Run(int steps, int batch);

    /// <summary>Lets parameters have the same numbers on every machine: multiples of 1/1024.</summary>
    protected static void Fill(IReadOnlyList<Parameter<float>> parameters)
    {
        for (int p = 0; p < parameters.Count; p++)
        {
            Fill(parameters[p].Values, p + 1);
        }
    }

    /// <summary>
    /// Gives the sequences of a batch lengths, from none to all steps, puts behind their ends what must not matter, and adds
    /// the lengths to the inputs of a run.
    /// </summary>
    protected static void Pad(Sequence<float> sequence, float padding, Dictionary<string, OnnxRun.Tensor> inputs, int leastSteps = 0)
    {
        (int steps, int batch) = (sequence.Steps, sequence.Batch);
        int[] lengths = [.. Enumerable.Range(0, batch).Select(b => Math.Max(((b * 3) + steps - 1) % (steps + 1), leastSteps))];
        sequence.Mask = StepMask.FromLengths(steps, lengths);
        for (int n = 0; n < steps * batch; n++)
        {
            if (n / batch >= lengths[n % batch])
            {
                sequence.At(n / batch, n % batch).Fill(padding);
            }
        }

        inputs.Add("lengths", new([batch], true, Array.ConvertAll(lengths, length => (float)length)));
    }

    /// <summary>A sequence of numbers.</summary>
    protected static Sequence<float> Numbers(int steps, int batch, int features)
    {
        var sequence = new Sequence<float>(steps, batch, features);
        Fill(sequence.Values, 17);
        return sequence;
    }

    /// <summary>A sequence of so many different tokens.</summary>
    protected static Sequence<float> Tokens(int steps, int batch, int tokens)
    {
        var sequence = new Sequence<float>(steps, batch, 1);
        for (int n = 0; n < sequence.Values.Length; n++)
        {
            sequence.Values[n] = ((n * 5) + 2) % tokens;
        }

        return sequence;
    }

    /// <summary>A state of numbers that differ.</summary>
    protected static void Fill(LayerState<float> state)
    {
        for (int n = 0; n < state.Parts.Count; n++)
        {
            Fill(state.Parts[n].Values, 23 + n);
            if (state.Parts[n].Name.EndsWith("Count", StringComparison.Ordinal))
            {
                // Steps are counted in whole numbers; some sequences have had none.
                for (int b = 0; b < state.Batch; b++)
                {
                    state.Parts[n].Values[b] = b % 3;
                }
            }
        }
    }

    /// <summary>Adds the parts of a state to the tensors of a run.</summary>
    protected static void Add(LayerState<float> state, string prefix, Dictionary<string, OnnxRun.Tensor> tensors)
    {
        foreach (StatePart<float> part in state.Parts)
        {
            tensors.Add($"{prefix}.{part.Name}", new([1, state.Batch, part.Value.RowCount], false, part.Values.ToArray()));
        }
    }

    protected static void Fill(Span<float> values, int seed)
    {
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = ((((n * 7919) + (seed * 10429)) % 2001) - 1000) / 1024f;
        }
    }

    /// <summary>Models that take the lengths of their sequences.</summary>
    private static IEnumerable<ExportCase> OfLengths()
    {
        var plain = new OnnxExportOptions { Lengths = true };
        OnnxExportOptions alone = plain with { States = false, Opset = 14 };
        yield return new LayerCase(
            "lengths_stack",
            () => new Network<float>(new LstmLayer<float>(3, 5), new LstmLayer<float>(5, 4), new DenseLayer<float>(4, 3)),
            plain with { Softmax = true });
        yield return Lstm("lengths_both_directions", new LstmOptions { Peepholes = true }, plain);
        yield return Lstm(
            "lengths_coupled",
            new LstmOptions { CoupledGates = true, GateClip = 0.75, UseBias = false, LearnInitialState = true },
            alone with { Opset = 22 });
        yield return new LayerCase(
            "lengths_gru",
            () => new Network<float>(
                new BidirectionalLayer<float>(new GruLayer<float>(3, 4), new GruLayer<float>(3, 4)),
                new GruLayer<float>(8, 3, options: new GruOptions { ResetAfter = false }),
                new ReverseLayer<float>(new GruLayer<float>(3, 2)),
                new DenseLayer<float>(2, 2)),
            plain);
        yield return new LayerCase(
            "lengths_rnn",
            () => new Network<float>(
                new BidirectionalLayer<float>(new RnnLayer<float>(3, 4), new RnnLayer<float>(3, 4), Merge.Average),
                new ReverseLayer<float>(new RnnLayer<float>(4, 2, options: new RnnOptions { Activation = Activation.Relu }))),
            plain);
        yield return Lstm("lengths_projection", new LstmOptions { Projection = 3, LearnInitialState = true }, plain);
        yield return Lstm(
            "lengths_scan",
            new LstmOptions { LayerNormalization = true, CellClip = 0.6, HiddenZoneout = 0.2, CellZoneout = 0.3, Peepholes = true },
            alone);
        yield return new LayerCase(
            "lengths_reverse",
            () => new Network<float>(
                new DenseLayer<float>(3, 4),
                new ResidualLayer<float>(new LstmLayer<float>(4, 4)),
                new ReverseLayer<float>(new Network<float>(new LstmLayer<float>(4, 2), new DenseLayer<float>(2, 3)))),
            plain);
        yield return new LayerCase(
            "lengths_tokens",
            () =>
            {
                var embedding = new EmbeddingLayer<float>(9, 4);
                return new Network<float>(embedding, new LstmLayer<float>(4, 4), new DenseLayer<float>(embedding));
            },
            plain);
        yield return new LayerCase(
            "lengths_last",
            () => new Network<float>(
                new OneHotLayer<float>(6),
                new BidirectionalLayer<float>(new LstmLayer<float>(6, 5), new LstmLayer<float>(6, 5)),
                new LastStepLayer<float>(10),
                new DenseLayer<float>(10, 3)),
            plain with { Softmax = true });
        yield return new LayerCase(
            "lengths_end",
            () => new ReverseLayer<float>(
                new Network<float>(new GruLayer<float>(3, 4), new LastStepLayer<float>(4), new LstmLayer<float>(4, 2))),
            plain);
        yield return Pooled("lengths_mean", Pooling.Mean, plain);
        yield return Pooled("lengths_mean_alone", Pooling.Mean, alone);
        yield return Pooled("lengths_maximum", Pooling.Maximum, plain with { Opset = 18 });
        yield return Pooled("lengths_maximum_alone", Pooling.Maximum, alone);
        yield return Classifier("lengths_classifier_last", SequenceSummary.LastStep);
        yield return Classifier("lengths_classifier_mean", SequenceSummary.Mean);
        yield return Classifier("lengths_classifier_maximum", SequenceSummary.Maximum);
        yield return new DecoderCase(
            "lengths_decoder", new SequenceToSequenceOptions { EmbeddingSize = 3, HiddenUnits = 4, Layers = 2 }, Lengths: true);
    }

    private static ClassifierCase Classifier(string name, SequenceSummary summary) =>
        new(name, new SequenceClassifierOptions { HiddenUnits = 3, Layers = 2, Summary = summary }, Lengths: true);

    private static LayerCase Lstm(string name, LstmOptions lstm, OnnxExportOptions? options = null) => new(
        name,
        () => new BidirectionalLayer<float>(new LstmLayer<float>(3, 4, options: lstm), new LstmLayer<float>(3, 4, options: lstm)),
        options);

    private static LayerCase Pooled(string name, Pooling pooling, OnnxExportOptions options) => new(
        name,
        () => new Network<float>(new LstmLayer<float>(3, 4), new PoolLayer<float>(4, pooling), new DenseLayer<float>(4, 2)),
        options);
}

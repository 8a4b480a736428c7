using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Onnx.Tests.Goldens;

/// <summary>A model that is written as ONNX, and was run by ONNX Runtime.</summary>
public sealed record ExportCase(string Name, Func<Layer<float>> Make, OnnxExportOptions? Options = null)
{
    /// <summary>Batches and steps of the runs.</summary>
    public static IReadOnlyList<(int Steps, int Batch)> Shapes { get; } = [(3, 1), (3, 7), (6, 1), (6, 7)];

    public static IReadOnlyList<ExportCase> All { get; } =
    [
        new("lstm", () => new LstmLayer<float>(3, 4)),
        new("lstm_dense", () => new Network<float>(new LstmLayer<float>(3, 4), new DenseLayer<float>(4, 2))),
        new(
            "stack_softmax",
            () => new Network<float>(
                new LstmLayer<float>(3, 5),
                new DropoutLayer<float>(5, 0.5),
                new LstmLayer<float>(5, 4),
                new DenseLayer<float>(4, 3)),
            new OnnxExportOptions { Softmax = true, Opset = 14 }),
        new(
            "no_states",
            () => new Network<float>(new StatefulLayer<float>(new LstmLayer<float>(2, 3)), new DenseLayer<float>(3, 2)),
            new OnnxExportOptions { States = false, Opset = 22 }),
        new(
            "tokens_tied",
            () =>
            {
                var embedding = new EmbeddingLayer<float>(9, 4);
                return new Network<float>(embedding, new LstmLayer<float>(4, 4), new DenseLayer<float>(embedding));
            }),
        new(
            "one_hot_last",
            () => new Network<float>(
                new OneHotLayer<float>(6),
                new LstmLayer<float>(6, 5),
                new LastStepLayer<float>(5),
                new DenseLayer<float>(5, 3)),
            new OnnxExportOptions { Softmax = true }),
        new(
            "both_directions",
            () => new Network<float>(
                new BidirectionalLayer<float>(new LstmLayer<float>(3, 4), new LstmLayer<float>(3, 4)),
                new BidirectionalLayer<float>(new LstmLayer<float>(8, 2), new LstmLayer<float>(8, 2), Merge.Average),
                new DenseLayer<float>(2, 3))),
        new(
            "sum_and_product",
            () => new Network<float>(
                new BidirectionalLayer<float>(new LstmLayer<float>(3, 4), new LstmLayer<float>(3, 4), Merge.Sum),
                new BidirectionalLayer<float>(new LstmLayer<float>(4, 2), new LstmLayer<float>(4, 2), Merge.Multiply))),
        new(
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
        new(
            "learnt_start_alone",
            () => new Network<float>(
                new DenseLayer<float>(2, 3),
                new LstmLayer<float>(3, 4, options: new LstmOptions { LearnInitialState = true }),
                new ReverseLayer<float>(new LstmLayer<float>(4, 2, options: new LstmOptions { LearnInitialState = true }))),
            new OnnxExportOptions { States = false }),
        new("gru", () => new Network<float>(new GruLayer<float>(3, 4), new DenseLayer<float>(4, 2))),
        new(
            "gru_reset_before",
            () => new Network<float>(
                new GruLayer<float>(3, 4, options: new GruOptions { ResetAfter = false }),
                new GruLayer<float>(4, 2, options: new GruOptions { ResetAfter = false, UseBias = false })),
            new OnnxExportOptions { Opset = 14 }),
        new(
            "gru_both_directions",
            () => new Network<float>(
                new BidirectionalLayer<float>(new GruLayer<float>(3, 4), new GruLayer<float>(3, 4)),
                new ReverseLayer<float>(new GruLayer<float>(8, 2, options: new GruOptions { UseBias = false })))),
        new("rnn", () => new Network<float>(new RnnLayer<float>(3, 4), new ReverseLayer<float>(new RnnLayer<float>(4, 2)))),
        new(
            "rnn_activations",
            () => new Network<float>(
                new RnnLayer<float>(3, 4, options: new RnnOptions { Activation = Activation.Elu(0.7), UseBias = false }),
                new RnnLayer<float>(4, 2, options: new RnnOptions { Activation = Activation.ScaledTanh(0.8, 0.5) })),
            new OnnxExportOptions { Opset = 22 }),
        Pooled("pool_mean", Pooling.Mean, new OnnxExportOptions()),
        Pooled("pool_mean_alone", Pooling.Mean, new OnnxExportOptions { States = false, Opset = 14 }),
        Pooled("pool_maximum", Pooling.Maximum, new OnnxExportOptions { Opset = 14 }),
        Pooled("pool_maximum_alone", Pooling.Maximum, new OnnxExportOptions { States = false, Opset = 18 }),
    ];

    public static ExportCase Of(string name) => All.Single(one => one.Name == name);

    /// <summary>The model, its weights multiples of 1/1024: the same numbers on every machine.</summary>
    public Layer<float> CreateModel()
    {
        Layer<float> model = Make();
        for (int p = 0; p < model.Parameters.Count; p++)
        {
            Fill(model.Parameters[p].Values, p + 1);
        }

        return model;
    }

    /// <summary>The input of a run: tokens or numbers.</summary>
    public static Sequence<float> CreateInput(Layer<float> model, int steps, int batch)
    {
        var input = new Sequence<float>(steps, batch, model.Inputs);
        if (TokensOf(model) is int tokens)
        {
            for (int n = 0; n < input.Values.Length; n++)
            {
                input.Values[n] = ((n * 5) + 2) % tokens;
            }
        }
        else
        {
            Fill(input.Values, 17);
        }

        return input;
    }

    /// <summary>A state of numbers that differ; zeros if the case has no states.</summary>
    public LayerState<float> CreateState(Layer<float> model, int batch)
    {
        LayerState<float> state = model.CreateState(batch);
        for (int n = 0; n < state.Parts.Count && Options?.States != false; n++)
        {
            Fill(state.Parts[n].Values, 23 + n);
            if (state.Parts[n].Name.EndsWith("Count", StringComparison.Ordinal))
            {
                // Steps are counted in whole numbers; some sequences have had none.
                for (int b = 0; b < batch; b++)
                {
                    state.Parts[n].Values[b] = b % 3;
                }
            }
        }

        return state;
    }

    public override string ToString() => Name;

    /// <summary>How many different tokens the model takes; null if it takes numbers.</summary>
    public static int? TokensOf(Layer<float> model) => (model as Network<float>)?.Layers[0] switch
    {
        EmbeddingLayer<float> embedding => embedding.Tokens,
        OneHotLayer<float> oneHot => oneHot.Outputs,
        _ => null,
    };

    private static ExportCase Lstm(string name, LstmOptions options) =>
        new(name, () => new BidirectionalLayer<float>(new LstmLayer<float>(3, 4, options: options), new LstmLayer<float>(3, 4, options: options)));

    private static ExportCase Pooled(string name, Pooling pooling, OnnxExportOptions options) => new(
        name,
        () => new Network<float>(new LstmLayer<float>(3, 4), new PoolLayer<float>(4, pooling), new DenseLayer<float>(4, 2)),
        options);

    private static void Fill(Span<float> values, int seed)
    {
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = ((((n * 7919) + (seed * 10429)) % 2001) - 1000) / 1024f;
        }
    }
}

using System.Numerics;
using Lstm.Layers;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Export;

/// <summary>A recurrent layer as a node of ONNX: what its operator is called, and where the rows of its weights go.</summary>
/// <param name="Operator">LSTM, GRU or RNN.</param>
/// <param name="Units">H, the hidden units.</param>
/// <param name="Gates">The blocks of H rows in ONNX's weights.</param>
/// <param name="ToOnnx">Where a row of this library's weights stands among ONNX's. Rows that none goes to are zeros.</param>
internal sealed record Recurrence<T>(string Operator, int Units, int Gates, Func<int, int> ToOnnx)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>W.</summary>
    public required Parameter<T> InputWeights { get; init; }

    /// <summary>U.</summary>
    public required Parameter<T> RecurrentWeights { get; init; }

    /// <summary>b; null without one.</summary>
    public Parameter<T>? Bias { get; init; }

    /// <summary>Where a row of the bias stands in ONNX's two, one after the other.</summary>
    public required Func<int, int> BiasToOnnx { get; init; }

    /// <summary>p of an LSTM; null without them.</summary>
    public Parameter<T>? Peepholes { get; init; }

    /// <summary>Where a row of the peepholes stands in ONNX's.</summary>
    public Func<int, int> PeepholesToOnnx { get; init; } = row => row;

    /// <summary>The names of the state's parts, and the parameters that are there before the first step; null for zeros.</summary>
    public required IReadOnlyList<(string Name, Parameter<T>? Initial)> States { get; init; }

    /// <summary>What the node has beside its direction and its size.</summary>
    public IReadOnlyList<WireMessage> Attributes { get; init; } = [];

    /// <summary>The node of a recurrent layer; null for an LSTM with options that ONNX's operator does not have, and for other layers.</summary>
    public static Recurrence<T>? Of(Layer<T> layer) => layer switch
    {
        LstmLayer<T> lstm => IsOnnx(lstm.Options) ? Lstm(lstm) : null,
        GruLayer<T> gru => Gru(gru),
        RnnLayer<T> rnn => Rnn(rnn),
        _ => null,
    };

    /// <summary>Whether ONNX's LSTM can do what the options say. Those that matter in training alone are not asked.</summary>
    private static bool IsOnnx(LstmOptions options) => options is
    {
        Projection: null, LayerNormalization: false, CellClip: null, HiddenZoneout: 0, CellZoneout: 0,
    };

    private static Recurrence<T> Lstm(LstmLayer<T> layer)
    {
        (LstmOptions options, int units) = (layer.Options, layer.HiddenUnits);
        int ToOnnx(int row) => options.CoupledGates ? GateOrder.CoupledToOnnx(row, units) : GateOrder.ToOnnx(row, units);
        var attributes = Activations(
            [Activation.Sigmoid, Activation.Tanh, Activation.Tanh],
            [options.GateActivation, options.CandidateActivation, options.OutputActivation]);
        if (options.CoupledGates)
        {
            attributes.Add(GraphBuilder.Attribute("input_forget", 1));
        }

        if (options.GateClip is double clip)
        {
            attributes.Add(GraphBuilder.Attribute("clip", (float)clip));
        }

        return new Recurrence<T>("LSTM", units, 4, ToOnnx)
        {
            InputWeights = layer.InputWeights,
            RecurrentWeights = layer.RecurrentWeights,
            Bias = options.UseBias ? layer.Bias : null,
            BiasToOnnx = ToOnnx,
            Peepholes = layer.Peepholes,
            PeepholesToOnnx = row => GateOrder.PeepholeToOnnx(row, units, options.CoupledGates),
            States = [("Hidden", layer.InitialHidden), ("Cell", layer.InitialCell)],
            Attributes = attributes,
        };
    }

    private static Recurrence<T> Gru(GruLayer<T> layer)
    {
        int units = layer.HiddenUnits;
        int ToOnnx(int row) => GateOrder.GruToOnnx(row, units);
        return new Recurrence<T>("GRU", units, 3, ToOnnx)
        {
            InputWeights = layer.InputWeights,
            RecurrentWeights = layer.RecurrentWeights,
            Bias = layer.Options.UseBias ? layer.Bias : null,

            // b′, the fourth block, is the last of ONNX's second bias.
            BiasToOnnx = row => row < 3 * units ? ToOnnx(row) : row + (2 * units),
            States = [("Hidden", null)],
            Attributes = layer.Options.ResetAfter ? [GraphBuilder.Attribute("linear_before_reset", 1)] : [],
        };
    }

    private static Recurrence<T> Rnn(RnnLayer<T> layer) => new("RNN", layer.HiddenUnits, 1, row => row)
    {
        InputWeights = layer.InputWeights,
        RecurrentWeights = layer.RecurrentWeights,
        Bias = layer.Options.UseBias ? layer.Bias : null,
        BiasToOnnx = row => row,
        States = [("Hidden", null)],
        Attributes = Activations([Activation.Tanh], [layer.Options.Activation]),
    };

    /// <summary>The activations with α and β, each in a list of those that have any; nothing if all are the operator's own.</summary>
    private static List<WireMessage> Activations(Activation[] standard, Activation[] activations)
    {
        if (activations.SequenceEqual(standard))
        {
            return [];
        }

        RecurrentActivation[] known = [.. activations.Select(RecurrentActivation.Of)];
        List<WireMessage> attributes = [GraphBuilder.Attribute("activations", known.Select(activation => activation.Name))];
        Add("activation_alpha", [.. known.Where(activation => activation.HasAlpha).Select(activation => activation.Alpha)]);
        Add("activation_beta", [.. known.Where(activation => activation.HasBeta).Select(activation => activation.Beta)]);
        return attributes;

        void Add(string name, float[] values)
        {
            if (values.Length > 0)
            {
                attributes.Add(GraphBuilder.Attribute(name, values));
            }
        }
    }
}

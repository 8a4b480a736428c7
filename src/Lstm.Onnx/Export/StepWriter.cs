using System.Numerics;
using Lstm.Layers;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Export;

/// <summary>
/// Writes one step of an LSTM layer with any options as a graph, from hₜ₋₁, cₜ₋₁ and W xₜ + b to hₜ, cₜ and hₜ again. For each
/// unit, with those parts that are set:
/// <code>
/// z = W xₜ + b + U hₜ₋₁
/// i = σ(zᵢ + pᵢ cₜ₋₁)   f = σ(z_f + p_f cₜ₋₁), or 1 − i   g = tanh(z_g)
/// c̃ = f cₜ₋₁ + i g, limited to ±clip
/// o = σ(zₒ + pₒ c̃)   h̃ = P (o tanh(c̃)), or o tanh(c̃)
/// cₜ = d cₜ₋₁ + (1 − d) c̃   hₜ = d′ hₜ₋₁ + (1 − d′) h̃   (zoneout)
/// </code>
/// Each sum in brackets is normalised over the units and then limited, if that is set. Behind the end of its sequence, if there
/// are lengths, a sequence keeps what it has.
/// </summary>
internal sealed class StepWriter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From this version on, the axes of a mean are an input and not an attribute.</summary>
    private const int AxesAreInput = 18;

    private readonly GraphBuilder _graph;
    private readonly LstmLayer<T> _layer;
    private readonly LstmOptions _options;
    private readonly int _opset;

    private StepWriter(GraphBuilder graph, LstmLayer<T> layer, int opset) =>
        (_graph, _layer, _options, _opset) = (graph, layer, layer.Options, opset);

    /// <summary>The graph of a step; all of its names begin with the prefix.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="opset">The version of the operators.</param>
    /// <param name="prefix">What the names begin with.</param>
    /// <param name="padded">Whether a further input says of each sequence whether the step is there.</param>
    public static GraphBuilder Step(LstmLayer<T> layer, int opset, string prefix, bool padded)
    {
        var graph = new GraphBuilder(prefix);
        new StepWriter<T>(graph, layer, opset).Write(padded);
        return graph;
    }

    private void Write(bool padded)
    {
        (int units, int rows, int outputs) = (_layer.HiddenUnits, _layer.RecurrentWeights.Rows, _layer.Outputs);
        string hidden = Input("hidden", outputs);
        string cell = Input("cell", units);
        string sums = Input("sums", rows);
        string? valid = padded ? Input("valid", 1, ElementKind.Bool) : null;
        string recurrent = _graph.AddConstant(_layer.RecurrentWeights.Name, Numbers.Of(_layer.RecurrentWeights), outputs, rows);
        string z = Node("Add", sums, Node("MatMul", hidden, recurrent));
        string[] gates = [.. Enumerable.Range(0, rows / units).Select(gate => _graph.Name($"z{gate}"))];
        _graph.AddNode(_graph.Name("Split"), "Split", [z, _graph.Integers([.. gates.Select(_ => (long)units)])], gates, GraphBuilder.Attribute("axis", -1));

        int candidate = _options.CoupledGates ? 1 : 2;
        string i = Activate(_options.GateActivation, Sum(gates, 0, 0, cell));
        string f = _options.CoupledGates
            ? Node("Sub", Number(1), i)
            : Activate(_options.GateActivation, Sum(gates, 1, 1, cell));
        string g = Activate(_options.CandidateActivation, Sum(gates, candidate, null, cell));
        string fresh = Limited(Node("Add", Node("Mul", f, cell), Node("Mul", i, g)), _options.CellClip);
        string o = Activate(_options.GateActivation, Sum(gates, candidate + 1, candidate, fresh));
        string output = Node("Mul", o, Activate(_options.OutputActivation, fresh));
        if (_layer.Projection is { } projection)
        {
            output = Node("MatMul", output, _graph.AddConstant(projection.Name, Numbers.Of(projection), units, outputs));
        }

        string next = Output("hidden.next", Kept(valid, hidden, Mixed(hidden, output, _options.HiddenZoneout)), outputs);
        Output("cell.next", Kept(valid, cell, Mixed(cell, fresh, _options.CellZoneout)), units);
        Output("output", next, outputs);
    }

    private string Input(string name, int features, ElementKind kind = ElementKind.Float)
    {
        string input = _graph.Name(name);
        _graph.AddInput(input, kind, GraphBuilder.Batch, features);
        return input;
    }

    private string Output(string wanted, string value, int features)
    {
        string output = _graph.Name(wanted);
        _graph.AddNode(output, "Identity", [value], [output]);
        _graph.AddOutput(output, ElementKind.Float, GraphBuilder.Batch, features);
        return output;
    }

    /// <summary>What goes into the activation of a gate, with its peephole if it has one.</summary>
    private string Sum(string[] gates, int gate, int? peephole, string cell)
    {
        string z = gates[gate];
        if (_layer.Peepholes is { } peepholes && peephole is int block)
        {
            z = Node("Add", z, Node("Mul", Block(peepholes, block), cell));
        }

        return Limited(_layer.Gain is { } gain ? Normalized(z, gain, gate) : z, _options.GateClip);
    }

    /// <summary>(z − mean) / √(variance + ε) · gain + bias.</summary>
    private string Normalized(string z, Parameter<T> gain, int gate)
    {
        string difference = Node("Sub", z, Mean(z));
        string variance = Mean(Node("Mul", difference, difference));
        string deviation = Node("Sqrt", Node("Add", variance, Number(_options.NormalizationEpsilon)));
        string normal = Node("Mul", Node("Div", difference, deviation), Block(gain, gate));
        return _options.UseBias ? Node("Add", normal, Block(_layer.Bias, gate)) : normal;
    }

    private string Mean(string z) => _opset < AxesAreInput
        ? _graph.AddNode("ReduceMean", "ReduceMean", [z], GraphBuilder.Attribute("axes", [-1L]))
        : Node("ReduceMean", z, _graph.Integers(-1));

    private string Limited(string z, double? limit) => limit is double most
        ? Node("Min", Node("Max", z, Number(-most)), Number(most))
        : z;

    /// <summary>What inference takes for a number that training leaves as it was with a probability.</summary>
    private string Mixed(string before, string fresh, double rate) => rate > 0
        ? Node("Add", Node("Mul", before, Number(rate)), Node("Mul", fresh, Number(1 - rate)))
        : fresh;

    /// <summary>What a step makes of a state if it is there, and the state before it otherwise.</summary>
    private string Kept(string? valid, string before, string fresh) =>
        valid is null ? fresh : Node("Where", valid, fresh, before);

    private string Activate(Activation activation, string z)
    {
        RecurrentActivation known = RecurrentActivation.Of(activation);
        List<WireMessage> attributes = [];
        if (known.HasAlpha)
        {
            attributes.Add(GraphBuilder.Attribute("alpha", known.Alpha));
        }

        if (known.HasBeta)
        {
            attributes.Add(GraphBuilder.Attribute("beta", known.Beta));
        }

        return known.Name switch
        {
            "Affine" => Node("Add", Node("Mul", z, Number(known.Alpha)), Number(known.Beta)),
            "ScaledTanh" => Node("Mul", Node("Tanh", Node("Mul", z, Number(known.Beta))), Number(known.Alpha)),
            string name => _graph.AddNode(name, name, [z], attributes),
        };
    }

    /// <summary>H numbers of a vector.</summary>
    private string Block(Parameter<T> vector, int block) => _graph.AddConstant(
        vector.Name, Numbers.Of(vector).AsSpan(block * _layer.HiddenUnits, _layer.HiddenUnits).ToArray(), _layer.HiddenUnits);

    private string Number(double value) => _graph.AddConstant("number", [(float)value], 1);

    private string Node(string type, params string[] inputs) => _graph.AddNode(type, type, inputs);
}

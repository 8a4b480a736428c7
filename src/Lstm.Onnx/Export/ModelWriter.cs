using System.Numerics;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Export;

/// <summary>Writes whole models.</summary>
internal sealed class ModelWriter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GraphBuilder _graph = new();
    private readonly OnnxExportOptions _options;
    private readonly LayerWriter<T> _layers;
    private readonly Signal _input;
    private readonly string _output;

    private ModelWriter(OnnxExportOptions options, bool takesTokens, int inputs)
    {
        _options = options;
        _layers = new LayerWriter<T>(_graph, options);
        string input = _graph.Name("input");
        _output = _graph.Name("output");
        if (takesTokens)
        {
            _graph.AddInput(input, ElementKind.Int64, GraphBuilder.Steps, GraphBuilder.Batch);
        }
        else
        {
            _graph.AddInput(input, ElementKind.Float, GraphBuilder.Steps, GraphBuilder.Batch, inputs);
        }

        _input = new Signal(input, takesTokens, options.Lengths ? new Padding(_graph, input) : null);
    }

    /// <summary>A layer or network.</summary>
    public static WireMessage Network(Layer<T> model, OnnxExportOptions options)
    {
        var writer = new ModelWriter<T>(options, TokenCount.Of(model) is not null, model.Inputs);
        return writer.Build(model, () => writer._layers.Write(model, writer._input, string.Empty));
    }

    /// <summary>A network after the scaling of its features.</summary>
    public static WireMessage Scaled(FeatureScaling scaling, Network<T> model, OnnxExportOptions options)
    {
        var writer = new ModelWriter<T>(options, false, model.Inputs);
        return writer.Build(model, () => writer._layers.Write(model, writer.Scale(scaling), string.Empty));
    }

    /// <summary>The decoder of a network from text to text.</summary>
    public static WireMessage Decoder(EncoderDecoder<T> network, OnnxExportOptions options)
    {
        var writer = new ModelWriter<T>(options, true, 1);
        writer._graph.HasGivenStates = true;
        return writer.Build(network.Output, () => writer.Decode(network));
    }

    /// <summary>(x − offset) · factor, and 0 for what is missing: NaN, which alone is not equal to itself.</summary>
    private Signal Scale(FeatureScaling scaling)
    {
        string Constant(string name, IEnumerable<double> values, int count) =>
            _graph.AddConstant(name, [.. values.Select(value => (float)value)], count);
        string moved = _graph.AddNode(
            "Scaling.Sub", "Sub", [_input.Name, Constant("Scaling.Offsets", scaling.Offsets, scaling.Features)]);
        string scaled = _graph.AddNode(
            "Scaling.Mul", "Mul", [moved, Constant("Scaling.Factors", scaling.Factors, scaling.Features)]);
        string present = _graph.AddNode("Scaling.Equal", "Equal", [scaled, scaled]);
        return _input with { Name = _graph.AddNode("Scaling.Where", "Where", [present, scaled, Constant("Scaling.Missing", [0], 1)]) };
    }

    private Signal Decode(EncoderDecoder<T> network)
    {
        // Declared before the states, for the order of the inputs.
        string? context = network.Options.Peeky ? _graph.Name("context") : null;
        if (context is not null)
        {
            _graph.AddInput(context, ElementKind.Float, 1, GraphBuilder.Batch, network.Options.HiddenUnits);
        }

        Signal embedded = _layers.Write(network.TargetEmbedding, _input, "Embedding.");
        Signal hidden = _layers.Write(network.Decoder, Peek(embedded, context, "Decoder"), string.Empty);
        return _layers.Write(network.Output, Peek(hidden, context, "Output"), "Output.");
    }

    /// <summary>[x; c] at each step.</summary>
    private Signal Peek(Signal steps, string? context, string name)
    {
        if (context is null)
        {
            return steps;
        }

        // 1 × B × H with a list of T, 1 and 1 gives T × B × H.
        string length = _graph.AddNode(
            $"{name}.Slice",
            "Slice",
            [_graph.AddNode($"{name}.Shape", "Shape", [steps.Name]), _graph.Integers(0), _graph.Integers(1), _graph.Integers(0)]);
        string shape = _graph.AddNode(
            $"{name}.Lengths", "Concat", [length, _graph.Integers(1), _graph.Integers(1)], GraphBuilder.Attribute("axis", 0));
        string repeated = _graph.AddNode($"{name}.Expand", "Expand", [context, shape]);
        return steps with
        {
            Name = _graph.AddNode($"{name}.Concat", "Concat", [steps.Name, repeated], GraphBuilder.Attribute("axis", -1)),
        };
    }

    private WireMessage Build(Layer<T> last, Func<Signal> write)
    {
        try
        {
            _graph.AddOutput(
                _output, ElementKind.Float, last.GivesOneStep ? 1 : GraphBuilder.Steps, GraphBuilder.Batch, last.Outputs);
            Signal result = write();
            if (result.Padding is { } padding)
            {
                padding.Clear(_options.Softmax ? AddSoftmax(result.Name, _graph.Name("Softmax")) : result.Name, _output);
            }
            else if (_options.Softmax)
            {
                AddSoftmax(result.Name, _output);
            }
            else
            {
                _graph.AddNode(_output, "Identity", [result.Name], [_output]);
            }

            return _graph.Build(_options.Opset);
        }
        catch (OverflowException e)
        {
            throw new OnnxException("The model cannot be written: it is larger than the 2 GB that a file of ONNX may have.", e);
        }
    }

    private string AddSoftmax(string logits, string name)
    {
        _graph.AddNode(name, "Softmax", [logits], [name], GraphBuilder.Attribute("axis", -1));
        return name;
    }
}

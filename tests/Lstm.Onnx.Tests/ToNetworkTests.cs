using Lstm.Layers;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Onnx.Export;
using Lstm.Onnx.Protobuf;
using Lstm.Onnx.Tests.Goldens;

namespace Lstm.Onnx.Tests;

/// <summary>Networks that are made of ONNX models compute what the models do, with the same weights.</summary>
public class ToNetworkTests
{
    /// <summary>What two programs may differ by in single precision after some steps of values of about 1.</summary>
    private const float Tolerance = 1e-5f;

    /// <summary>What is written step by step is no chain of layers.</summary>
    private static readonly string[] Scans = ["projection", "cell_clip", "layer_normalization", "everything", "zoneout", "lengths_projection", "lengths_scan"];

    public static TheoryData<string> Written { get; } =
        [.. ExportCase.All.OfType<LayerCase>().Select(one => one.Name).Except(Scans)];

    public static TheoryData<string> Torch { get; } =
    [
        "gru", "gru_stack", "gru_states", "lstm", "lstm_last", "lstm_logits_of_final", "lstm_packed", "lstm_opset_17", "lstm_opset_9", "lstm_stack",
        "lstm_states", "lstm_unfolded", "rnn_relu", "rnn_tanh", "tokens",
    ];

    [Theory]
    [MemberData(nameof(Written))]
    public void ToNetwork_WrittenNetwork_HasItsParametersAndComputesWhatItDid(string name)
    {
        LayerCase one = ExportCase.All.OfType<LayerCase>().Single(one => one.Name == name);
        Layer<float> original = one.CreateModel();
        Network<float> network = Load(one.Write()).ToNetwork(one.Options?.Softmax == true);

        // A start that is an input of the file is not in the file.
        network.Parameters.Select(parameter => parameter.Values.ToArray()).Should().BeEquivalentTo(
            original.Parameters.Where(parameter => name != "learnt_start" || !parameter.Name.StartsWith("Initial", StringComparison.Ordinal))
                .Select(parameter => parameter.Values.ToArray()),
            how => how.WithStrictOrdering());
        if (name != "learnt_start")
        {
            Sequence<float> input = one.CreateInput(original, 5, 3, []);
            network.Infer(input).Values.ToArray().Should().Equal(
                original.Infer(input).Values.ToArray(), (x, y) => MathF.Abs(x - y) <= Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Torch))]
    public void ToNetwork_ModelOfPyTorch_GivesWhatPyTorchGave(string name)
    {
        OnnxModel<float> model = OnnxModel<float>.Load(OnnxRun.ModelFile($"Torch/{name}"));
        bool batchFirst = model.Inputs[0].Shape![0].Name == "batch";
        bool softmax = name is "gru_stack" or "lstm_last" or "lstm_opset_17";
        Network<float> network = model.ToNetwork(softmax);
        foreach (OnnxRun run in OnnxRun.Of($"Torch/{name}"))
        {
            Sequence<float> input = ToSequence(run.Inputs["x"], batchFirst, run.Inputs["x"].IsInteger);
            if (run.Inputs.TryGetValue("lengths", out OnnxRun.Tensor? lengths))
            {
                input.Mask = StepMask.FromLengths(input.Steps, Array.ConvertAll(lengths.Values, length => (int)length));
            }

            LayerState<float> state = network.CreateState(input.Batch);
            OnnxRun.Tensor[] starts = [.. run.Inputs.Where(pair => pair.Key is not ("x" or "lengths")).Select(pair => pair.Value)];
            for (int n = 0; n < state.Parts.Count && starts.Length > 0; n++)
            {
                // The file has the layers one behind the other, h apart from c; the network has h and c of a layer together.
                int size = state.Parts[n].Values.Length;
                starts[n % starts.Length].Values.AsSpan(n / starts.Length * size, size).CopyTo(state.Parts[n].Values);
            }

            Sequence<float> output = network.Infer(input, state);
            for (int n = 0; softmax && n < output.Batch; n++)
            {
                Softmax.Probabilities<float>(output.At(0, n), output.At(0, n));
            }

            OnnxRun.Tensor expected = run.Outputs["y"];
            Sequence<float> golden = expected.Shape.Length == 2
                ? new Sequence<float>(1, expected.Shape[0], expected.Shape[1], expected.Values)
                : ToSequence(expected, batchFirst, false);
            for (int n = 0; n < input.Mask?.Values.Length; n++)
            {
                if (!input.Mask.Values[n])
                {
                    // PyTorch's linear layer gives its bias there.
                    golden.At(n / input.Batch, n % input.Batch).Clear();
                }
            }

            output.Values.ToArray().Should().Equal(golden.Values.ToArray(), (x, y) => MathF.Abs(x - y) <= Tolerance);
        }
    }

    [Fact]
    public void ToNetwork_TrainedFurther_LeavesTheModelAsItIs()
    {
        OnnxModel<double> model = OnnxModel<double>.Load(OnnxRun.ModelFile("Torch/lstm"));
        var input = new Sequence<double>(4, 2, 3);
        for (int n = 0; n < input.Values.Length; n++)
        {
            input.Values[n] = Math.Sin(n + 1);
        }

        double[] before = model.Run(OnnxTensor<double>.FromSequence(input)).Values.ToArray();
        Network<double> network = model.ToNetwork();
        network.Backward(network.Forward(input));
        foreach (Parameter<double> parameter in network.Parameters)
        {
            parameter.Gradients.ToArray().Should().Contain(gradient => gradient != 0);
            parameter.Values.Clear();
        }

        model.Run(OnnxTensor<double>.FromSequence(input)).Values.ToArray().Should().Equal(before);
    }

    [Theory]
    [InlineData("Torch/lstm_final", "Tanh node*there is no layer for it*")]
    [InlineData("Torch/lstm_mean", "Relu node*there is no layer for it*")]
    [InlineData("Torch/lstm_last", "Softmax node*left out at the end*")]
    [InlineData("Exported/decoder_peeky", "Concat node 'Decoder.Concat'*no layer gives*")]
    [InlineData("Exported/projection", "Scan node*there is no layer for it*")]
    [InlineData("Exported/classifier", "Sub node 'Scaling.Sub'*there is no layer for it*")]
    public void ToNetwork_NotAChainOfLayers_IsRefusedWithTheNode(string file, string message)
    {
        OnnxModel<float> model = OnnxModel<float>.Load(OnnxRun.ModelFile(file));
        Action convert = () => model.ToNetwork();
        convert.Should().Throw<OnnxException>().WithMessage(message);
    }

    [Fact]
    public void ToNetwork_ConstantStartOfAPlainLayer_IsRefused()
    {
        Action convert = () => WithStart(graph => graph.AddConstant("start", [1], 1, 1, 1)).ToNetwork();
        convert.Should().Throw<OnnxException>().WithMessage("RNN node 'rnn'*its state at the start is a constant*");
    }

    [Fact]
    public void ToNetwork_StartThatIsComputed_IsNotLost()
    {
        OnnxModel<float> zeros = WithStart(graph => Start(graph, 0));
        OnnxModel<float> ones = WithStart(graph => Start(graph, 1));
        zeros.ToNetwork().Outputs.Should().Be(1);
        ones.Invoking(model => model.ToNetwork()).Should().Throw<OnnxException>().WithMessage("*do not compute what they do*");

        static string Start(GraphBuilder graph, float value)
        {
            string repeated = graph.AddNode("repeated", "Expand", [graph.AddConstant("zero", [0], 1), graph.Integers(1, 1, 1)]);
            string length = graph.AddNode("length", "Slice", [graph.AddNode("shape", "Shape", ["x"]), graph.Integers(2), graph.Integers(3)]);
            string one = graph.AddNode("one", "Cast", [length], GraphBuilder.Attribute("to", 1));
            return graph.AddNode("start", "Add", [repeated, graph.AddNode("scaled", "Mul", [one, graph.AddConstant("value", [value], 1)])]);
        }
    }

    /// <summary>A model of one plain recurrent node of one unit, for one sequence.</summary>
    private static OnnxModel<float> WithStart(Func<GraphBuilder, string> start)
    {
        var graph = new GraphBuilder();
        graph.AddInput("x", ElementKind.Float, GraphBuilder.Steps, 1, 1);
        graph.AddOutput("y", ElementKind.Float, GraphBuilder.Steps, 1, 1, 1);
        string weights = graph.AddConstant("weights", [0.5f], 1, 1, 1);
        graph.AddNode(
            "rnn", "RNN", ["x", weights, weights, string.Empty, string.Empty, start(graph)], ["y"], GraphBuilder.Attribute("hidden_size", 1));
        return Load(graph.Build(17));
    }

    private static OnnxModel<float> Load(WireMessage message)
    {
        using var stream = new MemoryStream();
        using (var output = new Google.Protobuf.CodedOutputStream(stream, leaveOpen: true))
        {
            message.WriteTo(output);
        }

        return Load(stream.ToArray());
    }

    private static OnnxModel<float> Load(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return OnnxModel<float>.Load(stream);
    }

    /// <summary>Steps × sequences × features, from that or from sequences × steps × features; tokens have no features.</summary>
    private static Sequence<float> ToSequence(OnnxRun.Tensor tensor, bool batchFirst, bool tokens)
    {
        (int steps, int batch) = batchFirst ? (tensor.Shape[1], tensor.Shape[0]) : (tensor.Shape[0], tensor.Shape[1]);
        int features = tokens ? 1 : tensor.Shape[2];
        var sequence = new Sequence<float>(steps, batch, features);
        for (int n = 0; n < steps * batch; n++)
        {
            (int t, int b) = batchFirst ? (n % steps, n / steps) : (n / batch, n % batch);
            tensor.Values.AsSpan(n * features, features).CopyTo(sequence.At(t, b));
        }

        return sequence;
    }
}

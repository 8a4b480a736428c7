using Lstm.Layers;
using Lstm.Models;
using Lstm.Onnx.Tests.Goldens;

namespace Lstm.Onnx.Tests;

/// <summary>
/// The exported files beside the tests were run by ONNX Runtime (the command <c>onnx</c> of Lstm.Benchmarks). What is
/// written today must be those files to the byte, and what the library computes must be what ONNX Runtime computed.
/// </summary>
public class OnnxExportTests
{
    /// <summary>What two programs may differ by in single precision after some steps of values of about 1.</summary>
    private const float Tolerance = 1e-5f;

    public static TheoryData<ExportCase> Cases { get; } = [.. ExportCase.All];

    private static Sequence<float> Input { get; } = new(3, 2, 2, [1, -2, 0.5f, 4, 3, -1, 0.1f, 0.7f, -3, 2, 1.5f, -0.4f]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Save_Model_WritesTheFileThatOnnxRuntimeRan(ExportCase one)
    {
        one.Write().Should().Equal(
            File.ReadAllBytes(OnnxRun.ModelFile($"Exported/{one}")));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Infer_Model_GivesWhatOnnxRuntimeGave(ExportCase one)
    {
        IReadOnlyList<OnnxRun> expected = OnnxRun.Of($"Exported/{one}");
        IReadOnlyList<OnnxRun> actual = one.Runs();
        actual.Should().HaveSameCount(expected);
        foreach ((OnnxRun run, OnnxRun golden) in actual.Zip(expected))
        {
            run.Outputs.Keys.Should().Equal(golden.Outputs.Keys);
            foreach ((string name, OnnxRun.Tensor tensor) in run.Outputs)
            {
                tensor.Shape.Should().Equal(golden.Outputs[name].Shape);
                tensor.Values.Should().Equal(
                    golden.Outputs[name].Values, (x, y) => MathF.Abs(x - y) <= Tolerance, "that is {0} of ONNX Runtime", name);
            }
        }
    }

    [Fact]
    public void Save_DoublePrecision_WritesTheSameFileAsSinglePrecision()
    {
        var single = new LstmLayer<float>(3, 4, seed: 5);
        var same = new LstmLayer<double>(3, 4);
        for (int p = 0; p < 3; p++)
        {
            for (int n = 0; n < same.Parameters[p].Count; n++)
            {
                same.Parameters[p].Values[n] = single.Parameters[p].Values[n];
            }
        }

        Write(same).Should().Equal(Write(single));
    }

    [Fact]
    public void Save_File_ReplacesWhatWasThere()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[100_000]);
            var layer = new LstmLayer<float>(2, 3);
            OnnxExport.Save(layer, path);
            File.ReadAllBytes(path).Should().Equal(Write(layer));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Save_LayerOfAnotherKind_IsRefusedWithItsPlaceAndTheFileLeftAlone()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "kept");
            var network = new Network<float>(
                new DenseLayer<float>(2, 2), new BidirectionalLayer<float>(new OwnLayer(), new DenseLayer<float>(2, 2)));
            Action save = () => OnnxExport.Save(network, path);
            save.Should().Throw<OnnxException>().WithMessage("Layer 1.Forward, OwnLayer*layers of its kind are not*");
            File.ReadAllText(path).Should().Be("kept");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Save_OptionsOfTraining_AreOfNoEffect()
    {
        Write(new LstmLayer<float>(2, 3, options: new LstmOptions { InputDropout = 0.5, RecurrentDropout = 0.5, LookBack = 3 }))
            .Should().Equal(Write(new LstmLayer<float>(2, 3)));
    }

    [Fact]
    public void Save_Classifier_TakesAMissingFeatureAsItDoes()
    {
        SequenceClassifier<float, string> classifier = ExportCase.All.OfType<ClassifierCase>().First().CreateModel();
        var sequence = new Sequence<float>(3, 1, 2, [1, float.NaN, -2, 0.5f, float.NaN, 3]);
        OnnxModel<float> model = Read(stream => OnnxExport.Save(classifier, stream, new OnnxExportOptions { States = false }));
        model.Run(OnnxTensor<float>.FromSequence(sequence)).Values.ToArray().Should().Equal(
            classifier.PredictProbabilities(sequence), (x, y) => MathF.Abs(x - y) <= Tolerance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SaveDecoder_BehindTheEncoder_GivesWhatTheNetworkGives(bool peeky)
    {
        var network = new EncoderDecoder<float>(
            6, 4, new SequenceToSequenceOptions { EmbeddingSize = 3, HiddenUnits = 5, Layers = 2, Dropout = 0.1, Peeky = peeky });
        Sequence<float> source = new(4, 2, 1, [0, 1, 2, 3, 4, 5, 0, 3]);
        Sequence<float> target = new(3, 2, 1, [4, 4, 0, 1, 2, 3]);
        OnnxModel<float> encoder = Read(stream => OnnxExport.Save(network.Encoder, stream));
        OnnxModel<float> decoder = Read(stream => OnnxExport.SaveDecoder(network, stream));

        Dictionary<string, OnnxTensor<float>> inputs = encoder.Inputs.Skip(1).ToDictionary(
            state => state.Name, state => new OnnxTensor<float>([1, 2, 5], new float[10]));
        inputs.Add("input", Tokens(source));
        IReadOnlyDictionary<string, OnnxTensor<float>> read = encoder.Run(inputs);
        OnnxTensor<float>[] final = [.. encoder.Outputs.Skip(1).Select(output => read[output.Name])];
        string[] states = [.. decoder.Inputs.Select(input => input.Name).Where(name => name.StartsWith("state.", StringComparison.Ordinal))];
        inputs = states.Zip(final).ToDictionary(pair => pair.First, pair => pair.Second);
        inputs.Add("input", Tokens(target));
        if (peeky)
        {
            inputs.Add("context", final[^2]);
        }

        decoder.Run(inputs)["output"].Values.ToArray().Should().Equal(
            network.Infer(source, target).Values.ToArray(), (x, y) => MathF.Abs(x - y) <= Tolerance);

        static OnnxTensor<float> Tokens(Sequence<float> tokens) => OnnxTensor<float>.FromIntegers(
            [tokens.Steps, tokens.Batch], [.. tokens.Values.ToArray().Select(token => (long)token)]);
    }

    public static TheoryData<Func<Layer<float>>> Stateful { get; } =
    [
        () => new LstmLayer<float>(2, 3, seed: 1),
        () => new Network<float>(
            new GruLayer<float>(2, 3, seed: 1), new LstmLayer<float>(3, 4, seed: 2, options: new() { Projection = 2 })),
        () => new Network<float>(
            new RnnLayer<float>(2, 3, seed: 1), new PoolLayer<float>(3, Pooling.Maximum), new DenseLayer<float>(3, 2, seed: 2)),
        () => new BidirectionalLayer<float>(new LstmLayer<float>(2, 3, seed: 1), new LstmLayer<float>(2, 3, seed: 2)),
    ];

    [Theory]
    [MemberData(nameof(Stateful))]
    public void Run_StatesLeftOut_StartAtZeros(Func<Layer<float>> make)
    {
        Layer<float> layer = make();
        OnnxModel<float> model = Read(stream => OnnxExport.Save(layer, stream));
        model.Inputs.Should().HaveCountGreaterThan(1);

        model.Run(OnnxTensor<float>.FromSequence(Input)).Values.ToArray().Should().Equal(
            layer.Infer(Input).Values.ToArray(), (x, y) => MathF.Abs(x - y) <= Tolerance);
    }

    [Fact]
    public void Run_StatesLeftOutButLengthsGiven_StartAtZeros()
    {
        var layer = new LstmLayer<float>(2, 3, seed: 1);
        OnnxModel<float> model = Read(stream => OnnxExport.Save(layer, stream, new OnnxExportOptions { Lengths = true }));
        OnnxTensor<float> input = OnnxTensor<float>.FromSequence(Input);
        OnnxTensor<float> output = model.Run(
            new Dictionary<string, OnnxTensor<float>> { ["input"] = input, ["lengths"] = OnnxTensor<float>.FromIntegers([2], [3, 1]) })["output"];

        Sequence<float> masked = new(3, 2, 2, Input.Values.ToArray()) { Mask = StepMask.FromLengths(3, 3, 1) };
        output.Values.ToArray().Should().Equal(layer.Infer(masked).Values.ToArray(), (x, y) => MathF.Abs(x - y) <= Tolerance);
        ((Action)(() => model.Run(input))).Should().Throw<InvalidOperationException>().WithMessage("*lengths*");
    }

    [Fact]
    public void Run_OneOfTwoStates_IsRefused()
    {
        OnnxModel<float> model = Read(stream => OnnxExport.Save(new LstmLayer<float>(2, 3), stream));
        Action run = () => model.Run(new Dictionary<string, OnnxTensor<float>>
        {
            ["input"] = OnnxTensor<float>.FromSequence(Input),
            ["state.Hidden"] = new([1, 2, 3], new float[6]),
        });

        run.Should().Throw<ArgumentException>().WithParameterName("inputs").WithMessage("*state.Cell*");
    }

    [Fact]
    public void Run_StatesThatDoNotStartAtZerosLeftOut_IsRefused()
    {
        var learnt = new LstmLayer<float>(2, 3, options: new LstmOptions { LearnInitialState = true });
        var steps = new LstmLayer<float>(2, 3, options: new LstmOptions { LearnInitialState = true, Projection = 2 });
        var texts = new EncoderDecoder<float>(6, 4, new SequenceToSequenceOptions { HiddenUnits = 5, Peeky = false });
        OnnxTensor<float> tokens = OnnxTensor<float>.FromIntegers([1, 1], [0]);

        Refused(stream => OnnxExport.Save(learnt, stream), OnnxTensor<float>.FromSequence(Input));
        Refused(stream => OnnxExport.Save(steps, stream), OnnxTensor<float>.FromSequence(Input));
        Refused(stream => OnnxExport.SaveDecoder(texts, stream), tokens);

        static void Refused(Action<Stream> save, OnnxTensor<float> input)
        {
            OnnxModel<float> model = Read(save);
            ((Action)(() => model.Run(input))).Should().Throw<InvalidOperationException>().WithMessage("*inputs*state.*");
            Action byName = () => model.Run(new Dictionary<string, OnnxTensor<float>> { ["input"] = input });
            byName.Should().Throw<ArgumentException>().WithMessage("*state.*");
        }
    }

    [Fact]
    public void Save_TokensBehindNumbers_IsRefused()
    {
        Action save = () => Write(new Network<float>(new DenseLayer<float>(2, 1), new EmbeddingLayer<float>(5, 3)));
        save.Should().Throw<OnnxException>().WithMessage("Layer 1, EmbeddingLayer*numbers, not indices of tokens*");
    }

    [Fact]
    public void Save_NumbersWhereTokensComeIn_IsRefused()
    {
        Action save = () => Write(new ResidualLayer<float>(
            new Network<float>(new OneHotLayer<float>(5), new DenseLayer<float>(5, 1))));
        save.Should().Throw<OnnxException>().WithMessage("ResidualLayer*indices of tokens, not numbers*");
    }

    [Fact]
    public void Save_Null_IsRefused()
    {
        Action model = () => OnnxExport.Save<float>(null!, Stream.Null);
        Action stream = () => OnnxExport.Save(new OneHotLayer<float>(2), (Stream)null!);
        Action path = () => OnnxExport.Save(new OneHotLayer<float>(2), (string)null!);
        model.Should().Throw<ArgumentNullException>().WithParameterName("model");
        stream.Should().Throw<ArgumentNullException>().WithParameterName("stream");
        path.Should().Throw<ArgumentNullException>().WithParameterName("path");
    }

    [Theory]
    [InlineData(13)]
    [InlineData(23)]
    public void Opset_OutOfRange_IsRefused(int opset)
    {
        Func<OnnxExportOptions> make = () => new OnnxExportOptions { Opset = opset };
        make.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Opset").WithMessage("*from 14 to 22*");
    }

    private static OnnxModel<float> Read(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        stream.Position = 0;
        return OnnxModel<float>.Load(stream);
    }

    private static byte[] Write<T>(Layer<T> model, OnnxExportOptions? options = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        using var stream = new MemoryStream();
        OnnxExport.Save(model, stream, options);
        return stream.ToArray();
    }

    /// <summary>A layer of a user's own: the identity.</summary>
    private sealed class OwnLayer() : Layer<float>(2, 2)
    {
        protected override void InferCore(
            ReadOnlySpan<float> input, Span<float> output, int steps, LayerState<float> state, StepMask? mask) => input.CopyTo(output);

        protected override void ForwardCore(
            Sequence<float> input, LayerState<float>? initialState, Sequence<float> output, LayerState<float> finalState) =>
            input.Values.CopyTo(output.Values);

        protected override void BackwardCore(
            Sequence<float> input,
            Sequence<float> output,
            Sequence<float> outputGradient,
            LayerState<float>? finalStateGradient,
            Sequence<float> inputGradient,
            LayerState<float> initialStateGradient) => outputGradient.Values.CopyTo(inputGradient.Values);
    }
}

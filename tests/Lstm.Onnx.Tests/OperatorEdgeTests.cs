using Google.Protobuf;
using Lstm.Layers;
using Lstm.Onnx.Export;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Tests;

/// <summary>Single nodes at the borders of what they take, as the text of the operators of ONNX has it.</summary>
public class OperatorEdgeTests
{
    /// <summary>The rounding of a few operations in double precision.</summary>
    private const double Tolerance = 1e-12;

    [Fact]
    public void Softplus_LargeNumbers_DoesNotOverflow()
    {
        double[] result = Run("Softplus", [Numbers([3], 1000, -1000, 0)]).Values.ToArray();
        result.Should().Equal([1000, 0, Math.Log(2)], (x, y) => Math.Abs(x - y) <= Tolerance);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void ArgMax_EqualNumbers_TakesTheFirstOrTheLast(int last, int expected)
    {
        OnnxTensor<double> result = Run(
            "ArgMax", [Numbers([4], 1, 3, 3, 2)], GraphBuilder.Attribute("axis", 0), GraphBuilder.Attribute("select_last_index", last));
        result.Integers.ToArray().Should().Equal(expected);
    }

    [Fact]
    public void Slice_BackwardsFromBeyondTheEnd_BeginsWithTheLast()
    {
        OnnxTensor<double>[] inputs = [Numbers([5], 0, 1, 2, 3, 4), Integers(100), Integers(-100), Integers(0), Integers(-2)];
        Run("Slice", inputs).Values.ToArray().Should().Equal(4, 2, 0);
    }

    [Fact]
    public void Split_OneThatDoesNotDivide_MakesTheLastSmaller()
    {
        WireMessage parts = GraphBuilder.Attribute("num_outputs", 3);
        OnnxTensor<double>[] inputs = [Numbers([7], 1, 2, 3, 4, 5, 6, 7)];
        Model("Split", inputs, 3, 18, parts).Run(Named(inputs))
            .OrderBy(output => output.Key).Select(output => output.Value.Values.ToArray())
            .Should().BeEquivalentTo([[1, 2, 3], [4, 5, 6], new double[] { 7 }], options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-4)]
    public void Gather_IndexBeyondTheEnds_IsRefused(int index)
    {
        OnnxTensor<double> data = Numbers([3], 5, 6, 7);
        Run("Gather", [data, Integers(2, -3)]).Values.ToArray().Should().Equal(7, 5);
        FluentActions.Invoking(() => Run("Gather", [data, Integers(index)])).Should().Throw<OnnxException>()
            .WithMessage($"*its index {index} is none of 3*");
    }

    [Fact]
    public void Softmax_BeforeOpset13_GoesOverAllAxesFromTheSecondOn()
    {
        OnnxTensor<double>[] zeros = [Numbers([1, 2, 2], 0, 0, 0, 0)];
        foreach ((int opset, double expected) in ((int, double)[])[(11, 0.25), (13, 0.5)])
        {
            Run(Model("Softmax", zeros, 1, opset), zeros).Values.ToArray()
                .Should().OnlyContain(value => Math.Abs(value - expected) <= Tolerance);
        }
    }

    [Fact]
    public void Rnn_WeightsThatAreInputs_ComputesWithThoseOfEachRun()
    {
        OnnxModel<double>? model = null;
        (OnnxTensor<double> half, OnnxTensor<double> less, OnnxTensor<double> recurrent) =
            (Numbers([1, 1, 1], 0.5), Numbers([1, 1, 1], -1), Numbers([1, 1, 1], 0));
        foreach ((OnnxTensor<double> weights, double bias) in ((OnnxTensor<double>, double)[])[(half, 0), (half, 0.25), (less, 0.25)])
        {
            OnnxTensor<double>[] inputs = [Numbers([1, 1, 1], 2), weights, recurrent, Numbers([1, 2], bias, 0)];
            model ??= Model("RNN", inputs, 1, 17, GraphBuilder.Attribute("hidden_size", 1));
            Run(model, inputs).Values[0].Should().BeApproximately(Math.Tanh((2 * weights.Values[0]) + bias), Tolerance);
        }
    }

    [Fact]
    public void Lstm_LengthBeyondTheSteps_IsRefused()
    {
        using var stream = new MemoryStream();
        OnnxExport.Save(new LstmLayer<double>(2, 3, seed: 1), stream, new OnnxExportOptions { Lengths = true });
        stream.Position = 0;
        OnnxModel<double> model = OnnxModel<double>.Load(stream);
        OnnxTensor<double> input = Numbers([3, 1, 2], 1, 2, 3, 4, 5, 6);
        Invoking(3).Should().NotThrow();
        Invoking(4).Should().Throw<OnnxException>().WithMessage("*0 to 3*");
        Invoking(-1).Should().Throw<OnnxException>().WithMessage("*0 to 3*");

        Action Invoking(int length) => () => model.Run(
            new Dictionary<string, OnnxTensor<double>> { ["input"] = input, ["lengths"] = Integers(length) });
    }

    private static OnnxTensor<double> Numbers(int[] shape, params double[] values) => new(shape, values);

    private static OnnxTensor<double> Integers(params long[] values) => OnnxTensor<double>.FromIntegers([values.Length], values);

    private static OnnxTensor<double> Run(string type, OnnxTensor<double>[] inputs, params WireMessage[] attributes) =>
        Run(Model(type, inputs, 1, 17, attributes), inputs);

    private static OnnxTensor<double> Run(OnnxModel<double> model, OnnxTensor<double>[] inputs) => model.Run(Named(inputs))["y0"];

    private static Dictionary<string, OnnxTensor<double>> Named(OnnxTensor<double>[] inputs) =>
        inputs.Select((tensor, n) => (tensor, n)).ToDictionary(pair => $"x{pair.n}", pair => pair.tensor);

    /// <summary>A model of a single node.</summary>
    private static OnnxModel<double> Model(
        string type, OnnxTensor<double>[] inputs, int outputs, int opset, params WireMessage[] attributes)
    {
        var graph = new GraphBuilder();
        foreach ((string name, OnnxTensor<double> tensor) in Named(inputs))
        {
            graph.AddInput(name, tensor.IsInteger ? ElementKind.Int64 : ElementKind.Float, [.. tensor.Shape.Select(size => (Dimension)size)]);
        }

        string[] results = [.. Enumerable.Range(0, outputs).Select(n => $"y{n}")];
        foreach (string name in results)
        {
            graph.AddOutput(name, ElementKind.Float);
        }

        graph.AddNode("node", type, Named(inputs).Keys, results, attributes);
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            graph.Build(opset).WriteTo(output);
        }

        stream.Position = 0;
        return OnnxModel<double>.Load(stream);
    }
}

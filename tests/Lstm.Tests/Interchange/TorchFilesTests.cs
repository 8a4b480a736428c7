using System.Numerics;
using System.Text.Json;
using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Goldens.Interchange;
using Lstm.Tests.Support;

namespace Lstm.Tests.Interchange;

/// <summary>Files that PyTorch and NumPy wrote.</summary>
public sealed class TorchFilesTests
{
    /// <summary>
    /// Ten of float's epsilons at 1: PyTorch computed in float too, in another order, and the outputs are at most a few times 1.
    /// </summary>
    private const double SingleTolerance = 1e-6;

    public static TheoryData<string> Cases => new(TorchFiles.All.Cases
        .Select(item => item.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Load_StateDictOfPyTorch_ComputesWhatPyTorchDoes(string name)
    {
        TorchFiles.Case item = TorchFiles.All.Cases.Single(item => item.Name == name);
        Layer<float> layer = TorchFiles.Create<float>(name);
        Draw.Parameters(new Random(1), layer);

        PyTorch.Load(layer, TorchFiles.PathOf($"{name}.pt"));

        Check(layer.Infer(Sequence<float>(item.Input)), item.Output);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StateDict_OfWhatWasLoaded_HasTheNumbersOfTheFile(string name)
    {
        Layer<double> layer = TorchFiles.Create<double>(name);
        PyTorch.Load(layer, TorchFiles.PathOf($"{name}.pt"));
        string[] modules = name == "tagger" ? ["words", "lstm", "fc1", "fc2"] : [string.Empty];

        using TensorFile written = Reopen(PyTorch.StateDict(layer, modules));

        using TensorFile file = TensorFile.Open(TorchFiles.PathOf($"{name}.pt"));
        if (name != "lstm_no_bias")
        {
            written.Tensors.Select(tensor => tensor.Name).Should().BeEquivalentTo(file.Tensors.Select(tensor => tensor.Name));
        }

        foreach (TensorInfo tensor in file.Tensors)
        {
            TensorInfo found = written.Find(tensor.Name)!;
            found.Shape.Should().Equal(tensor.Shape, "of {0}", tensor);
            double[] expected = file.Read<double>(tensor.Name);

            // Of a GRU, r and z have a sum, and n has two.
            int summed = name.StartsWith("gru", StringComparison.Ordinal) ? 2 * expected.Length / 3 : expected.Length;
            if (tensor.Name.Contains("bias_ih", StringComparison.Ordinal))
            {
                double[] second = file.Read<double>(tensor.Name.Replace("bias_ih", "bias_hh", StringComparison.Ordinal));
                expected = [.. expected.Select((a, n) => n < summed ? a + second[n] : a)];
            }
            else if (tensor.Name.Contains("bias_hh", StringComparison.Ordinal))
            {
                Array.Clear(expected, 0, summed);
            }

            written.Read<double>(tensor.Name).Should().Equal(expected, "of {0}", tensor);
        }
    }

    [Theory]
    [InlineData("views.pt", "")]
    [InlineData("nested.pt", "model.")]
    public void Read_ViewsOfEveryKind_HaveTheirNumbers(string name, string prefix)
    {
        using TensorFile file = TensorFile.Open(TorchFiles.PathOf(name));

        file.Should().BeOfType<PyTorchFile>();
        CheckAll(file, TorchFiles.All.Views, prefix);
        file.Find("count")?.TypeName.Should().Be("I64");
    }

    [Theory]
    [InlineData("arrays.npz")]
    [InlineData("compressed.npz")]
    public void Read_ArraysOfNumPy_HaveTheirNumbers(string name)
    {
        using TensorFile file = TensorFile.Open(TorchFiles.PathOf(name));

        file.Should().BeOfType<NpzFile>();
        CheckAll(file, TorchFiles.All.Arrays, string.Empty);
    }

    [Theory]
    [InlineData("function.pt", "torch.nn.functional.relu")]
    [InlineData("old.pt", "not safetensors")]
    [InlineData("objects.npz", "cannot be read: its type is |O")]
    [InlineData("arrays.npz", "cannot be read: its type is <i8")]
    public void Open_WhatIsNotTensors_NamesIt(string name, string message)
    {
        var read = () =>
        {
            using TensorFile file = TensorFile.Open(TorchFiles.PathOf(name));
            foreach (TensorInfo tensor in file.Tensors)
            {
                file.Read<float>(tensor.Name);
            }
        };

        read.Should().ThrowExactly<ModelFormatException>().Which.Message.Should().Contain(message);
    }

    [Fact]
    public void Load_AModuleThatDoesNotFit_SaysWhatIsMissingUnexpectedAndMisshapen()
    {
        string lstm = TorchFiles.PathOf("lstm.pt");
        string tagger = TorchFiles.PathOf("tagger.pt");
        var small = new LstmLayer<float>(3, 5, seed: 1);
        float[] before = Bits.OfValues(small);

        Refused(small, lstm, null, "weight_ih_l0, F32 of [16, 3] should be of [20, 3]");
        Refused(new LstmLayer<float>(3, 4), TorchFiles.PathOf("lstm_stack.pt"), null, "no layer here takes: weight_ih_l1, F32 of [16, 4]");
        Refused(new LstmLayer<float>(3, 4), TorchFiles.PathOf("lstm_projection.pt"), null, "weight_hr_l0, F32 of [2, 4] is not one of its tensors");
        Refused(new LstmLayer<float>(3, 4, options: new LstmOptions { Projection = 2 }), lstm, null, "has no weight_hr");
        Refused(new DenseLayer<float>(3, 4), lstm, null, "none of its kind");
        Refused(TorchFiles.Create<float>("tagger"), tagger, ["words", "lstm", "fc1"], "4 levels with weights, but here are 5 layers");
        Refused(TorchFiles.Create<float>("tagger"), tagger, ["words", "lstm", "fc1", "fc3"], "no module 'fc3'");
        Refused(TorchFiles.Create<float>("tagger"), tagger, ["fc1", "lstm", "words", "fc2"], "'fc1' does not fit");
        Bits.OfValues(small).Should().Equal(before);

        static void Refused(Layer<float> layer, string path, string[]? modules, string message) =>
            FluentActions.Invoking(() => PyTorch.Load(layer, path, new StateDictOptions { Modules = modules }))
                .Should().ThrowExactly<ModelFormatException>().Which.Message.Should().Contain(message);
    }

    [Fact]
    public void Load_ModulesOfWhichSeveralFit_AreToldApartOrRefused()
    {
        var network = new Network<double>(new DenseLayer<double>(2, 2, seed: 1), new DenseLayer<double>(2, 2, seed: 2));
        var loaded = new Network<double>(new DenseLayer<double>(2, 2), new DenseLayer<double>(2, 2));
        using TensorFile named = Reopen(PyTorch.StateDict(network, "tail", "head"));
        using TensorFile numbered = Reopen(PyTorch.StateDict(network, "part.2", "part.10"));

        FluentActions.Invoking(() => PyTorch.Load(loaded, named)).Should().ThrowExactly<ModelFormatException>().WithMessage("*Several modules*");
        PyTorch.Load(loaded, numbered);
        Bits.OfValues(loaded).Should().Equal(Bits.OfValues(network));
        PyTorch.Load(loaded, named, new StateDictOptions { Modules = ["head", "tail"] });
        Bits.OfValues(loaded).Should().NotEqual(Bits.OfValues(network));
        PyTorch.Load(loaded, named, new StateDictOptions { Modules = ["tail", "head"] });
        Bits.OfValues(loaded).Should().Equal(Bits.OfValues(network));
        PyTorch.Load(loaded.Layers[0], named, new StateDictOptions { Modules = ["head"], IgnoreOthers = true });
        Bits.OfValues(loaded.Layers[0]).Should().Equal(Bits.OfValues(network.Layers[1]));
    }

    [Fact]
    public void StateDict_OfTiedWeights_HasThemTwiceAndLoadsEitherWay()
    {
        var embedding = new EmbeddingLayer<float>(5, 3, seed: 1);
        var network = new Network<float>(embedding, new DenseLayer<float>(embedding));
        var other = new EmbeddingLayer<float>(5, 3, seed: 2);
        var loaded = new Network<float>(other, new DenseLayer<float>(other));
        TensorSet tensors = PyTorch.StateDict(network);

        using TensorFile file = Reopen(tensors);
        PyTorch.Load(loaded, file);

        tensors.Count.Should().Be(3);
        Bits.OfValues(loaded).Should().Equal(Bits.OfValues(network));
        FluentActions.Invoking(() => PyTorch.StateDict(new LstmLayer<float>(1, 1, options: new LstmOptions { Peepholes = true })))
            .Should().ThrowExactly<NotSupportedException>().WithMessage("*peepholes*");
        Refusal.Of<ArgumentException>(() => PyTorch.StateDict(network, "a", "b", "c"), "modules", "2 names");
    }

    [Fact]
    public void StateDict_MoreThanTenLevels_LoadsThemInTheirOrder()
    {
        var network = new Network<float>([.. Enumerable.Range(0, 12).Select(n => new LstmLayer<float>(2, 2, seed: n))]);
        var loaded = new Network<float>([.. Enumerable.Range(0, 12).Select(n => new LstmLayer<float>(2, 2, seed: 50 + n))]);
        using TensorFile file = Reopen(PyTorch.StateDict(network, "rnn"));
        file.Find("rnn.weight_hh_l11").Should().NotBeNull();
        PyTorch.Load(loaded, file);
        Bits.OfValues(loaded).Should().Equal(Bits.OfValues(network));
    }

    [Fact]
    public void StateDict_OptionsThatPyTorchDoesNotHave_AreNamed()
    {
        Refused(new LstmOptions { HiddenZoneout = 0.1 }, "zoneout");
        Refused(new LstmOptions { CellZoneout = 0.1 }, "zoneout");
        Refused(new LstmOptions { CellClip = 3 }, "clipped");
        Refused(new LstmOptions { GateClip = 3 }, "clipped");
        Refused(new LstmOptions { CoupledGates = true }, "coupled");
        Refused(new LstmOptions { LayerNormalization = true }, "normalisation");
        Refused(new LstmOptions { LearnInitialState = true }, "initial state");
        Refused(new LstmOptions { OutputActivation = Activation.Relu }, "activations");

        static void Refused(LstmOptions options, string message) =>
            FluentActions.Invoking(() => PyTorch.StateDict(new LstmLayer<float>(2, 2, options: options)))
                .Should().ThrowExactly<NotSupportedException>().WithMessage($"*{message}*");
    }

    internal static TensorFile Reopen(TensorSet tensors)
    {
        var stream = new MemoryStream();
        tensors.SaveSafetensors(stream);
        return TensorFile.Open(stream);
    }

    private static Sequence<T> Sequence<T>(double[][][] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
            values.Length,
            values[0].Length,
            values[0][0].Length,
            [.. values.SelectMany(step => step.SelectMany(x => x)).Select(T.CreateTruncating)]);

    private static void Check(Sequence<float> actual, double[][][] expected) => Close.Within(
        [.. actual.Values.ToArray().Select(x => (double)x)], [.. expected.SelectMany(step => step.SelectMany(x => x))], SingleTolerance);

    private static void CheckAll(TensorFile file, Dictionary<string, JsonElement[]> expected, string prefix)
    {
        foreach ((string name, JsonElement[] item) in expected)
        {
            TensorInfo tensor = file.Find(prefix + name)!;
            tensor.Should().NotBeNull("{0} is in the file", name);
            tensor.Shape.Should().Equal(item[0].EnumerateArray().Select(length => length.GetInt64()), "of {0}", name);
            file.Read<double>(tensor.Name).Should().Equal(item[1].EnumerateArray().Select(number => number.GetDouble()), "of {0}", name);
        }
    }
}

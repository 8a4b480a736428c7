using System.Text.Json.Nodes;
using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Interchange;

public sealed class ModelReaderTests
{
    private const string Kind = "Test";

    /// <summary>Memory that a file of a few hundred bytes may take, far below the 16 MB that are promised.</summary>
    private const long SmallFileMemory = 1_000_000;

    public static TheoryData<string, string, string> Alterations => new()
    {
        { "version", "2", "version 2; this library reads up to version 1" },
        { "version", "0", "whole number from 1" },
        { "model", "{}", "no 'kind'" },
        { "model", """{"kind":"Other","version":1}""", "one of a Other, not of a Test" },
        { "model", """{"kind":"Test","version":4}""", "version 4; up to version 3 is read" },
        { "layers", "{}", "no 'net'" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2}}""", "no 'hiddenUnits'" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":0,"hiddenUnits":3,"options":{}}}""", "whole number from 1" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2.5,"hiddenUnits":3,"options":{}}}""", "2.5" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2,"hiddenUnits":4,"options":{}}}""", "must be of [16, 2], but is of [12, 2]" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2,"hiddenUnits":2147483647,"options":{}}}""", "must be of [8589934588, 2]" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":"2","hiddenUnits":3,"options":{}}}""", "'inputs'" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2,"hiddenUnits":3,"options":{"projection":4}}}""", "must be of [12, 4]" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2,"hiddenUnits":3,"options":{"gateActivation":{"name":"Sine","alpha":0,"beta":0}}}}""", "Sine" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2,"hiddenUnits":3,"options":{"dropoutPerGate":true}}}""", "has no effect" },
        { "layers", """{"net":{"kind":"GhostLayer","inputs":2,"hiddenUnits":3,"options":{}}}""", "GhostLayer" },
        { "layers", """{"net":{"kind":"DropoutLayer","features":2,"rate":1.5,"seed":0}}""", "rate must be" },
        { "layers", """{"net":{"kind":"DropoutLayer","features":2147483647,"rate":0.5,"seed":0}}""", "does not have: net.bias_hh_l0" },
        { "layers", """{"net":{"kind":"OneHotLayer","tokens":16777217}}""", "tokens" },
        { "layers", """{"net":{"kind":"PoolLayer","features":2,"pooling":"0"}}""", "one of Mean, Maximum" },
        { "layers", """{"net":{"kind":"Network","layers":[]}}""", "at least one layer" },
        { "layers", """{"net":{"kind":"Network","layers":[1]}}""", "a list of objects" },
        { "layers", """{"net":{"shared":0}}""", "a layer before it" },
        { "layers", """{"net":{"kind":"ReverseLayer","inner":{"shared":0}}}""", "a layer before it" },
        { "layers", """{"net":{"kind":"DenseLayer","embedding":0}}""", "a layer before it" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2,"hiddenUnits":3,"options":{}},"more":{}}""", "a layer 'more'" },
        { "layers", """{"net":{"kind":"LstmLayer","inputs":2,"inputs":2,"hiddenUnits":3,"options":{}}}""", "not well-formed" },
        { "configuration", "[]", "an object" },
    };

    [Fact]
    public void WriteAndRead_SettingsLayersAndNumbers_ComeBack()
    {
        var network = new Network<float>(new LstmLayer<float>(2, 3, seed: 1), new DenseLayer<float>(3, 2, seed: 2));
        var embedding = new EmbeddingLayer<float>(5, 4, seed: 3);
        var writer = new ModelWriter<float>(Kind, version: 3);
        writer.Configuration["words"] = new JsonArray("a", "é\"\u2028😀", string.Empty);
        writer.Configuration["scale"] = new JsonArray(0.1, -1e300, 3);
        writer.Configuration["rate"] = 0.1;
        writer.Configuration["units"] = 3;
        writer.Configuration["peeky"] = true;
        writer.Configuration["merge"] = "Sum";
        writer.Configuration["inner"] = new JsonObject { ["name"] = "x" };
        writer.Add("net", network);
        writer.Add("embedding", embedding);
        writer.Add("output", new DenseLayer<float>(embedding));
        writer.Add("mean", [2, 2], [1.0, 2, 3, Math.PI]);
        using var stream = new MemoryStream();
        writer.Save(stream);

        using ModelReader<float> reader = ModelReader<float>.Open(stream, Kind, version: 3);
        Settings settings = reader.Configuration;
        Network<float> loaded = reader.Layer<Network<float>>("net");
        EmbeddingLayer<float> loadedEmbedding = reader.Layer<EmbeddingLayer<float>>("embedding");

        settings.Texts("words").Should().Equal("a", "é\"\u2028😀", string.Empty);
        settings.Numbers("scale").Should().Equal(0.1, -1e300, 3);
        settings.Number("rate").Should().Be(0.1);
        settings.WholeNumber("units").Should().Be(3);
        settings.Flag("peeky").Should().BeTrue();
        settings.Choice<Merge>("merge").Should().Be(Merge.Sum);
        settings.Within("inner").Text("name").Should().Be("x");
        settings.Has("other").Should().BeFalse();
        Bits.OfValues(loaded).Should().Equal(Bits.OfValues(network));
        reader.Values<double>("mean", 2, 2).Should().Equal(1, 2, 3, Math.PI);
        FluentActions.Invoking(reader.Finish).Should().ThrowExactly<ModelFormatException>().WithMessage("*'output'*");
        reader.Layer<DenseLayer<float>>("output").Weights.Should().BeSameAs(loadedEmbedding.Weights);
        reader.Finish();
        reader.Version.Should().Be(3);
        FluentActions.Invoking(() => reader.Layer("net")).Should().ThrowExactly<InvalidOperationException>();
        FluentActions.Invoking(() => reader.Values<float>("mean", 4))
            .Should().ThrowExactly<ModelFormatException>().WithMessage("*[4]*[2, 2]*");
    }

    [Theory]
    [MemberData(nameof(Alterations))]
    public void Read_AlteredConfiguration_SaysWhatIsWrong(string part, string json, string message)
    {
        byte[] file = Altered(text => Replace(text, part, json));
        long before = GC.GetAllocatedBytesForCurrentThread();

        ModelFormatException refusal = FluentActions.Invoking(() => Read(file))
            .Should().ThrowExactly<ModelFormatException>().Which;

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(SmallFileMemory);
        refusal.Message.Should().Contain(message);
    }

    [Theory]
    [InlineData("", "not well-formed")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "no 'version'")]
    [InlineData("{\"version\":1", "not well-formed")]
    [InlineData("{\"version\":1,\"version\":1}", "not well-formed")]
    [InlineData("{\"version\":1,\"model\":{\"kind\":\"\\ud800\",\"version\":1}}", "not well-formed")]
    public void Read_ConfigurationThatIsNone_SaysSo(string text, string message)
    {
        byte[] file = Altered(_ => text);

        FluentActions.Invoking(() => Read(file)).Should().ThrowExactly<ModelFormatException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void Read_ConfigurationLargerThanItsWeights_IsRefused()
    {
        byte[] elements = Altered(text => text[..^1] + ",\"x\":[" + string.Join(',', Enumerable.Repeat(0, 80_000)) + "]}");
        byte[] text = Altered(text => text[..^1] + ",\"x\":\"" + new string('a', 11_000_000) + "\"}");
        byte[] layers = Altered(text => Replace(
            text,
            "layers",
            """{"net":{"kind":"Network","layers":[""" + string.Join(',', Enumerable.Repeat("""{"kind":"OneHotLayer","tokens":1}""", 1100)) + "]}}"));
        byte[] depth = Altered(text => text[..^1] + ",\"x\":" + new string('[', 200) + new string(']', 200) + "}");

        Refused(elements, "too many for its weights");
        Refused(text, "too much for its weights");
        Refused(layers, "more than 1024 layers");
        Refused(depth, "not well-formed");

        static void Refused(byte[] file, string message) =>
            FluentActions.Invoking(() => Read(file)).Should().ThrowExactly<ModelFormatException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void Read_OtherTensors_NamesThem()
    {
        var tensors = new TensorSet { Metadata = { ["lstm"] = Text() } };
        tensors.Add("net.weight_ih_l0", [12, 2], new float[24]);
        Refused("no tensor 'net.weight_hh_l0'");
        tensors.Add("net.weight_hh_l0", [12, 3], new float[36]);
        tensors.Add("net.bias_ih_l0", [12], new float[12]);
        Refused("no tensor 'net.bias_hh_l0'");
        tensors.Add("net.bias_hh_l0", [12], new float[12]);
        tensors.Add("more", [1], new float[1]);
        Refused("does not have: more, F32 of [1]");
        var plain = new TensorSet();
        FluentActions.Invoking(() => Read(Bytes(plain)))
            .Should().ThrowExactly<ModelFormatException>().WithMessage("*not written by this library*");

        void Refused(string message) =>
            FluentActions.Invoking(() => Read(Bytes(tensors))).Should().ThrowExactly<ModelFormatException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void Layer_OfAnotherKind_NamesBoth()
    {
        using ModelReader<float> reader = ModelReader<float>.Open(new MemoryStream(Saved()), Kind, 3);

        FluentActions.Invoking(() => reader.Layer<DenseLayer<float>>("net"))
            .Should().ThrowExactly<ModelFormatException>().WithMessage("*'net' is a LstmLayer, not a DenseLayer*");
    }

    [Fact]
    public void Make_OfWhatIsRefused_IsAFormatException()
    {
        using ModelReader<float> reader = ModelReader<float>.Open(new MemoryStream(Saved()), Kind, 3);

        reader.Make(() => 5).Should().Be(5);
        FluentActions.Invoking(() => reader.Make(() => new Vector3(-1)))
            .Should().ThrowExactly<ModelFormatException>().WithInnerException<ArgumentException>();
    }

    [Fact]
    public void Add_BadNames_IsRefused()
    {
        var writer = new ModelWriter<float>(Kind, 1);
        writer.Add("a", new DenseLayer<float>(1, 1));

        Refusal.Of<ArgumentException>(() => writer.Add("a.b", new DenseLayer<float>(1, 1)), "name", "point");
        Refusal.Of<ArgumentException>(() => writer.Add(" ", new DenseLayer<float>(1, 1)), "name");
        Refusal.Of<ArgumentException>(() => writer.Add("a", new DenseLayer<float>(1, 1)), "name", "a");
        Refusal.Of<ArgumentException>(() => new ModelWriter<float>(" ", 1), "kind");
        Refusal.Of<ArgumentOutOfRangeException>(() => new ModelWriter<float>(Kind, 0), "version");
    }

    private static byte[] Saved()
    {
        var writer = new ModelWriter<float>(Kind, version: 3);
        writer.Add("net", new LstmLayer<float>(2, 3, seed: 1));
        using var stream = new MemoryStream();
        writer.Save(stream);
        return stream.ToArray();
    }

    private static string Text()
    {
        using SafetensorsFile file = SafetensorsFile.Open(new MemoryStream(Saved()));
        return file.Metadata("lstm")!;
    }

    /// <summary>The text of the configuration with one of its parts replaced, also by what no JSON writer would write.</summary>
    private static string Replace(string text, string part, string json)
    {
        var parts = JsonNode.Parse(text)!.AsObject().Select(pair => (pair.Key, Json: pair.Value!.ToJsonString()));
        return $"{{{string.Join(',', parts.Select(pair => $"\"{pair.Key}\":{(pair.Key == part ? json : pair.Json)}"))}}}";
    }

    private static byte[] Altered(Func<string, string> alter)
    {
        var tensors = new TensorSet();
        using SafetensorsFile file = SafetensorsFile.Open(new MemoryStream(Saved()));
        foreach (TensorInfo tensor in file.Tensors)
        {
            tensors.Add(tensor.Name, [.. tensor.Shape.Select(length => (int)length)], file.Read<float>(tensor.Name));
        }

        tensors.Metadata["lstm"] = alter(Text());
        return Bytes(tensors);
    }

    private static byte[] Bytes(TensorSet tensors)
    {
        using var stream = new MemoryStream();
        tensors.SaveSafetensors(stream);
        return stream.ToArray();
    }

    private static void Read(byte[] file)
    {
        using ModelReader<float> reader = ModelReader<float>.Open(new MemoryStream(file), Kind, version: 3);
        reader.Layer("net");
        reader.Finish();
    }

    private sealed record Vector3
    {
        public Vector3(int length) => ArgumentOutOfRangeException.ThrowIfNegative(length);
    }
}

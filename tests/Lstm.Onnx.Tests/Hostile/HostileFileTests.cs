using System.Text;
using Lstm.Fuzz;
using Lstm.Onnx.Export;
using Lstm.Onnx.Protobuf;
using Lstm.Onnx.Tests.Goldens;

namespace Lstm.Onnx.Tests.Hostile;

/// <summary>
/// Files that are not what they should be give an <see cref="OnnxException"/>, in little time and memory. Mutations of
/// good files are read with those of other kinds, in Lstm.Tests and tests/Lstm.Fuzz.
/// </summary>
public class HostileFileTests
{
    [Fact]
    public void Load_CutOffAnywhere_IsRefused()
    {
        byte[] file = File.ReadAllBytes(OnnxRun.ModelFile("Exported/lstm_dense"));
        for (int length = 0; length < file.Length; length++)
        {
            Load(file[..length]).Should().Throw<OnnxException>("a file cut off at {0} of {1} bytes is not whole", length, file.Length);
        }
    }

    [Theory]
    [InlineData(Fields.Graph.Node)]
    [InlineData(Fields.Graph.Output)]
    [InlineData(Fields.Graph.Input)]
    public void Load_MillionsOfEmptyParts_StaysWithinItsMemory(int field)
    {
        // Two bytes each: the number and type of the field, and a length of zero.
        byte[] parts = new byte[4 << 20];
        for (int n = 0; n < parts.Length; n += 2)
        {
            parts[n] = (byte)((field << 3) | 2);
        }

        CheckRefused(Model(parts), "*too large*");
    }

    [Theory]
    [InlineData(5_000, true)]
    [InlineData(100_000, false)]
    public void Load_ManyNodes_StaysWithinItsMemory(int nodes, bool loads)
    {
        byte[] Node(string input, string output) => Message(
            Fields.Graph.Node,
            [
                .. Message(Fields.Node.Input, Encoding.UTF8.GetBytes(input)),
                .. Message(Fields.Node.Output, Encoding.UTF8.GetBytes(output)),
                .. Message(Fields.Node.OperatorType, "Neg"u8.ToArray()),
            ]);
        byte[] type = Message(Fields.Value.TensorType, [(Fields.Value.ElementType << 3) | 0, 1]);
        byte[] Value(int field, string name) => Message(
            field, [.. Message(Fields.Value.Name, Encoding.UTF8.GetBytes(name)), .. Message(Fields.Value.Type, type)]);
        byte[] opset = Message(Fields.Model.OpsetImport, [(Fields.OperatorSet.Version << 3) | 0, 17]);
        byte[] file =
        [
            .. opset,
            .. Model(
            [
                .. Value(Fields.Graph.Input, "x0"), .. Value(Fields.Graph.Output, $"x{nodes}"),
                .. Enumerable.Range(0, nodes).SelectMany(n => Node($"x{n}", $"x{n + 1}")),
            ]),
        ];
        FuzzReading reading = FuzzRun.Read(FileKind.Onnx, file);
        reading.Failure.Should().BeNull();
        reading.Succeeded.Should().Be(loads);
    }

    [Fact]
    public void Load_MillionsOfSmallIntegers_StaysWithinItsMemory()
    {
        byte[] tensor = Message(Fields.Tensor.Int64Data, new byte[4 << 20]);
        CheckRefused(Model(Message(Fields.Graph.Initializer, tensor)), "*too large*");
    }

    [Fact]
    public void Load_LargeText_StaysWithinItsMemory()
    {
        CheckRefused(Model(Message(Fields.Graph.Node, Message(Fields.Node.Name, new byte[20 << 20]))), "*too large*");
    }

    [Fact]
    public void Load_GroupsWithinGroups_IsRefused()
    {
        byte[] groups = new byte[1 << 20];
        Array.Fill(groups, (byte)((30 << 3) | 3));
        CheckRefused(groups, "*not in the format*");
    }

    [Fact]
    public void Load_GraphsWithinGraphs_AreRefused()
    {
        byte[] graph = [];
        for (int depth = 0; depth < 1000; depth++)
        {
            graph = Message(Fields.Graph.Node, Message(Fields.Node.Attribute, Message(Fields.Attribute.Graph, graph)));
        }

        CheckRefused(Model(graph), "*messages deep*");
    }

    [Fact]
    public void Run_GraphOverMillionsOfEmptySteps_IsRefusedInTime()
    {
        var body = new GraphBuilder("Step.");
        body.AddInput("Step.x", ElementKind.Float, 0);
        body.AddNode("Step.y", "Identity", ["Step.x"], ["Step.y"]);
        body.AddOutput("Step.y", ElementKind.Float, 0);
        var graph = new GraphBuilder();
        graph.AddInput("x", ElementKind.Float, int.MaxValue, 0);
        graph.AddOutput("y", ElementKind.Float, int.MaxValue, 0);
        graph.AddNode(
            "scan", "Scan", ["x"], ["y"], GraphBuilder.Attribute("body", body), GraphBuilder.Attribute("num_scan_inputs", 1));
        using var stream = new MemoryStream();
        using (var output = new Google.Protobuf.CodedOutputStream(stream, leaveOpen: true))
        {
            graph.Build(17).WriteTo(output);
        }

        FuzzReading reading = FuzzRun.Read(FileKind.Onnx, stream.ToArray());
        reading.Failure.Should().BeNull();
        reading.Succeeded.Should().BeFalse();
    }

    [Fact]
    public void Load_TensorThatPromisesMore_IsRefused()
    {
        byte[] tensor =
        [
            (Fields.Tensor.Dimensions << 3) | 0, .. ProtobufMutation.Varint(1 << 30), (Fields.Tensor.DataType << 3) | 0, 1,
            .. Message(Fields.Tensor.Name, "W"u8.ToArray()), .. Message(Fields.Tensor.RawData, new byte[8]),
        ];
        CheckRefused(Model(Message(Fields.Graph.Initializer, tensor)), "Tensor 'W' of [1073741824] wants 4294967296 bytes, but has 8*");
    }

    private static Action Load(byte[] file) => () => OnnxModel<float>.Load(new MemoryStream(file));

    private static void CheckRefused(byte[] file, string message)
    {
        Load(file).Should().Throw<OnnxException>().WithMessage(message);
        FuzzRun.Read(FileKind.Onnx, file).Failure.Should().BeNull();
    }

    private static byte[] Model(byte[] graph) => Message(Fields.Model.Graph, graph);

    private static byte[] Message(int field, byte[] content) =>
        [.. ProtobufMutation.Varint((ulong)((field << 3) | 2)), .. ProtobufMutation.Varint((ulong)content.Length), .. content];
}

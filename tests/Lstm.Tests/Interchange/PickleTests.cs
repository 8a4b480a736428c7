using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Lstm.Interchange;

namespace Lstm.Tests.Interchange;

/// <summary>
/// Tensors in files of PyTorch whose pickles are written here, instruction by instruction, as Python's <c>pickletools</c> shows
/// them. A pickle is text of one byte a character.
/// </summary>
public sealed class PickleTests
{
    private const string Begin = "\u0080\u0002";
    private const string Floats = "ctorch\nFloatStorage\n";

    [Theory]
    [InlineData("K\u0002\u0085", "K\u0001\u0085", "K\u0001", new[] { 2.5f, -3 })]
    [InlineData("\u008a\u0001\u0002\u0085", "\u008a\u0002\u0001\u0000\u0085", "M\u0001\u0000", new[] { 2.5f, -3 })]
    [InlineData("J\u0001\u0000\u0000\u0000K\u0002\u0086", "K\u0000K\u0002\u0086", "K\u0000", new[] { 1f, -3 })]
    [InlineData("K\u0000\u0085", "K\u0001\u0085", "K\u0003", new float[0])]
    public void Read_HandMadeTensor_HasTheNumbersOfItsView(string shape, string strides, string offset, float[] expected)
    {
        using TensorFile file = Open(Dictionary(Tensor(Floats, shape, strides, offset)), [1, 2.5f, -3]);
        file.Read<float>("w").Should().Equal(expected);
    }

    [Theory]
    [InlineData("K\u0003\u0085", "K\u0001\u0085", "K\u0001", "not within its storage")]
    [InlineData("K\u0002\u0085", "K\u0003\u0085", "K\u0000", "not within its storage")]
    [InlineData("K\u0000\u0085", "K\u0001\u0085", "K\u0004", "not within its storage")]
    [InlineData("K\u0001\u0085", "K\u0001\u0085", "J\u00ff\u00ff\u00ff\u00ff", "not within its storage")]
    [InlineData("K\u0001\u0085", "K\u0001K\u0001\u0086", "K\u0000", "not within its storage")]
    [InlineData("\u008a\u0001\u0080\u0085", "K\u0001\u0085", "K\u0000", "whole numbers from 0")]
    public void Open_TensorBeyondItsStorage_IsRefused(string shape, string strides, string offset, string message) =>
        Refused(Dictionary(Tensor(Floats, shape, strides, offset)), [1, 2.5f, -3], message);

    [Fact]
    public void Open_StorageOfAnotherSizeThanClaimed_IsRefused()
    {
        string pickle = Dictionary(Tensor(Floats, "K\u0001\u0085", "K\u0001\u0085", "K\u0000"));
        Refused(pickle, [1, 2], "not with 3 numbers");
        Refused(pickle, [1, 2, 3, 4], "not with 3 numbers");
    }

    [Theory]
    [InlineData("ctorch.cuda\nFloatStorage\n", "torch.cuda.FloatStorage")]
    [InlineData("ctorchvision\nFloatStorage\n", "torchvision.FloatStorage")]
    [InlineData("cos\nsystem\n", "os.system")]
    public void Open_OtherNames_AreRefused(string type, string message) =>
        Refused(Dictionary(Tensor(type, "K\u0001\u0085", "K\u0001\u0085", "K\u0000")), [1, 2, 3], message);

    [Theory]
    [InlineData("NN.", "before it is complete")]
    [InlineData("N(.", "a value is missing")]
    [InlineData("N(q\u0000t\u0086.", "a value is missing")]
    [InlineData("N.N", "follows its end")]
    [InlineData("ccollections\nOrderedDict\nN\u0085R.", "cannot stand here")]
    [InlineData("h\u0007.", "the value 7 is not there")]
    [InlineData("}Ns.", "items")]
    [InlineData("}(Nu.", "items")]
    public void Open_BrokenPickle_IsRefused(string pickle, string message) => Refused(Begin + pickle, [1], message);

    [Fact]
    public void Open_MoreValuesThanAnyModelHas_IsRefused()
    {
        using (TensorFile file = Open(Begin + "](" + new string('N', 50_000) + "e.", [1]))
        {
            file.Tensors.Should().BeEmpty();
        }

        Refused(Begin + "](" + new string('N', 60_000) + "e.", [1], "more than 60000 values");
    }

    private static void Refused(string pickle, float[] storage, string message) =>
        FluentActions.Invoking(() => Open(pickle, storage)).Should().ThrowExactly<ModelFormatException>()
            .Which.Message.Should().Contain(message);

    /// <summary>{"w": tensor}.</summary>
    private static string Dictionary(string tensor) => $"{Begin}}}{Text("w")}{tensor}s.";

    /// <summary>A view of the storage "0", which is said to have 3 numbers.</summary>
    private static string Tensor(string type, string shape, string strides, string offset)
    {
        string storage = $"({Text("storage")}{type}{Text("0")}{Text("cpu")}K\u0003tQ";
        return $"ctorch._utils\n_rebuild_tensor_v2\n({storage}{offset}{shape}{strides}\u0089ccollections\nOrderedDict\n)RtR";
    }

    private static string Text(string text) => $"X{(char)text.Length}\0\0\0{text}";

    private static TensorFile Open(string pickle, float[] storage)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "archive/data.pkl", Encoding.Latin1.GetBytes(pickle));
            Write(zip, "archive/data/0", MemoryMarshal.AsBytes<float>(storage).ToArray());
        }

        return TensorFile.Open(stream);
    }

    private static void Write(ZipArchive zip, string name, byte[] bytes)
    {
        using Stream file = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        file.Write(bytes);
    }
}

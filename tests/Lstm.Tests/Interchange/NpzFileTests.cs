using System.IO.Compression;
using System.Text;
using Lstm.Interchange;

namespace Lstm.Tests.Interchange;

/// <summary>Files of NumPy's arrays whose bytes are written or changed here.</summary>
public sealed class NpzFileTests
{
    [Fact]
    public void Read_DamagedNumbers_IsRefusedByTheChecksum()
    {
        byte[] bytes = Save([3], [1.25f, 2.5f, 5]);
        int at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(2.5f));
        bytes[at] ^= 1;
        using var file = TensorFile.Open(new MemoryStream(bytes));
        file.Invoking(damaged => damaged.Read<float>("w")).Should().ThrowExactly<ModelFormatException>().WithMessage("*checksum*");
    }

    /// <summary>Headers of every length: they are filled up to a multiple of 64 bytes, and end with a line's end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void SaveNpz_ShapesOfAnyLength_CanBeRead(int last)
    {
        for (int dimensions = 1; dimensions <= 24; dimensions++)
        {
            int[] shape = [.. Enumerable.Repeat(1, dimensions - 1), last];
            float[] values = [.. Enumerable.Range(0, last).Select(n => n + 0.5f)];
            using var file = TensorFile.Open(new MemoryStream(Save(shape, values)));
            file.Find("w")!.Shape.Should().Equal(shape.Select(length => (long)length));
            file.Read<float>("w").Should().Equal(values);
        }
    }

    [Theory]
    [InlineData("<f4", 1, 1.5f)]
    [InlineData("=f4", 1, 1.5f)]
    [InlineData("<f4", 3, 1.5f)]
    public void Read_HeaderOfAnyVersion_HasItsNumber(string type, byte version, float expected)
    {
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': (1,), }}\n";
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes((uint)text.Length);
        using var file = TensorFile.Open(Zip(
            [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.UTF8.GetBytes(text), .. BitConverter.GetBytes(expected)]));
        file.Read<float>("w").Should().Equal(expected);
    }

    [Fact]
    public void Open_CommentThatLooksLikeTheEnd_FindsTheEndBeforeIt()
    {
        var stream = new MemoryStream();
        stream.Write(Save([1], [4.5f]));
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.Comment = "PK\u0005\u0006" + new string('x', 30);
        }

        using var file = TensorFile.Open(stream);
        file.Read<float>("w").Should().Equal(4.5f);
    }

    private static byte[] Save(int[] shape, float[] values)
    {
        var tensors = new TensorSet();
        tensors.Add("w", shape, values);
        var stream = new MemoryStream();
        tensors.SaveNpz(stream);
        return stream.ToArray();
    }

    private static MemoryStream Zip(byte[] array)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream file = zip.CreateEntry("w.npy", CompressionLevel.NoCompression).Open();
            file.Write(array);
        }

        return stream;
    }
}

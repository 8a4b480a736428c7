using System.Text;
using Lstm.Interchange;
using Lstm.Tests.Support;

namespace Lstm.Tests.Interchange;

public sealed class TensorSetTests
{
    /// <summary>The bytes of <c>test_serialization</c> and its like in safetensors/src/tensor.rs (Hugging Face, Apache 2.0).</summary>
    [Fact]
    public void SaveSafetensors_CasesOfTheReferencesTests_GivesTheirBytes()
    {
        float[] values = [0, 1, 2, 3, 4, 5];
        byte[] data = [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64];
        var aligned = new TensorSet();
        aligned.Add("attn.0", [1, 2, 3], values);
        var padded = new TensorSet();
        padded.Add("attn0", [1, 1, 2, 3], values);
        var text = new TensorSet { Metadata = { ["framework"] = "pt" } };

        Bytes(aligned).Should().Equal(
            [64, 0, 0, 0, 0, 0, 0, 0, .. """{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}"""u8, .. data]);
        Bytes(padded).Should().Equal(
            [72, 0, 0, 0, 0, 0, 0, 0, .. """{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       """u8, .. data]);
        Bytes(new TensorSet()).Should().Equal([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8]);
        Bytes(text).Should().Equal([40, 0, 0, 0, 0, 0, 0, 0, .. """{"__metadata__":{"framework":"pt"}}     """u8]);
    }

    [Fact]
    public void SaveSafetensors_SeveralTensors_AreInTheReferencesOrder()
    {
        // In UTF-16 the last two would stand the other way round: U+1F600 begins with D83D.
        var tensors = new TensorSet { Metadata = { ["b"] = "\"\\\b\t\n\f\r\u0001\u007f\u2028é/<", ["a"] = "1" } };
        tensors.Add("b", [1], [1f]);
        tensors.Add("\U0001F600", [], [2f]);
        tensors.Add("\uFFFD", [0, 5], Array.Empty<float>());
        tensors.Add("a10", [1], [3f]);
        tensors.Add("a9", [1], [4f]);
        tensors.Add("z", [1], [5.0]);

        string header = Encoding.UTF8.GetString(Bytes(tensors).AsSpan(8)).Split("}}")[0] + "}}";

        header.Should().StartWith("""{"__metadata__":{"a":"1","b":"\"\\\b\t\n\f\r\u0001""" + "\u007f\u2028é/<\"},");
        using SafetensorsFile file = SafetensorsFile.Open(new MemoryStream(Bytes(tensors)));
        file.Tensors.Select(tensor => tensor.Name).Should().Equal("z", "a10", "a9", "b", "\uFFFD", "\U0001F600");
        file.Metadata("b").Should().Be(tensors.Metadata["b"]);
        file.Read<float>("\U0001F600").Should().Equal(2);
        file.Read<double>("z").Should().Equal(5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SaveSafetensors_RandomTensors_ComeBackToTheBit(int seed)
    {
        var random = new Random(seed);
        var tensors = new TensorSet();
        var floats = new Dictionary<string, float[]>();
        for (int n = 0; n < 20; n++)
        {
            int[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(7))];
            byte[] bytes = new byte[4 * shape.Aggregate(1, (product, length) => product * length)];
            random.NextBytes(bytes);
            floats[$"{n}"] = [.. Enumerable.Range(0, bytes.Length / 4).Select(at => BitConverter.ToSingle(bytes, 4 * at))];
            tensors.Add($"{n}", shape, floats[$"{n}"]);
        }

        byte[] file = Bytes(tensors);

        (BitConverter.ToInt64(file) % 8).Should().Be(0);
        using TensorFile read = TensorFile.Open(new MemoryStream(file));
        read.Tensors.Should().HaveCount(20);
        foreach ((string name, float[] values) in floats)
        {
            read.Read<float>(name).Select(BitConverter.SingleToInt32Bits).Should().Equal(values.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Add_WhatDoesNotFit_IsRefused()
    {
        var tensors = new TensorSet();
        tensors.Add("a", [2], [1f, 2f]);

        Refusal.Of<ArgumentException>(() => tensors.Add("a", [1], [1f]), "name", "again");
        Refusal.Of<ArgumentException>(() => tensors.Add("__metadata__", [1], [1f]), "name", "metadata");
        Refusal.Of<ArgumentException>(() => tensors.Add("\ud800", [1], [1f]), "name", "well-formed");
        Refusal.Of<ArgumentException>(() => tensors.Add("b", [2, 3], new float[5]), "values", "6 elements", "has 5");
        Refusal.Of<ArgumentException>(() => tensors.Add("b", [-1], new float[1]), "shape", "-1");
        Refusal.Of<ArgumentException>(() => tensors.Add("b", [int.MaxValue, int.MaxValue, int.MaxValue], new float[1]), "values");
        Refusal.Of<ArgumentNullException>(() => tensors.Add<float>("b", [], null!), "values");
        FluentActions.Invoking(() => tensors.Add("b", [], new Half[1])).Should().ThrowExactly<NotSupportedException>();
        tensors.Count.Should().Be(1);
        tensors.Metadata["x"] = "\udc00";
        Refusal.Of<ArgumentException>(() => Bytes(tensors), "metadata", "well-formed");
    }

    private static byte[] Bytes(TensorSet tensors)
    {
        using var stream = new MemoryStream();
        tensors.SaveSafetensors(stream);
        return stream.ToArray();
    }
}

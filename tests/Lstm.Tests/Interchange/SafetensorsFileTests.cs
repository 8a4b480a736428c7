using System.Buffers.Binary;
using System.Text;
using Lstm.Interchange;
using Lstm.Tests.Support;

namespace Lstm.Tests.Interchange;

/// <summary>What the format allows and forbids, as its documentation and its reference's tests say.</summary>
public sealed class SafetensorsFileTests
{
    public static TheoryData<string, int, string> Refused => new()
    {
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "7 follow the header" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "9 follow the header" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "a hole before it" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "a hole before it" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "another one" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "another one" },
        { """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "but takes 12 bytes" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "from 8 to 0" },
        { """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}""", 1, "but takes 1.5 bytes" },
        { """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "more numbers than can be counted" },
        { """{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,0]}}""", 0, "73786976294838206456 bytes" },
        { """{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,0]}}""", 0, "whole numbers" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}""", 0, "whole numbers" },
        { """{"a":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}""", 0, "whole numbers" },
        { """{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4, "whole numbers" },
        { """{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}""", 4, "whole numbers" },
        { """{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "whole numbers" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "lacks its dtype, its shape, or two data_offsets" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "more than 2 numbers" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks its dtype" },
        { """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "lacks its dtype" },
        { """{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "lacks its dtype" },
        { """{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown: 'F33'" },
        { """{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown: 'f32'" },
        { """{"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", 4, "the type of 'a', a text" },
        { """{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "an array of 'a'" },
        { """{"a":{"dtype":"F32","shape":[],"shape":[],"data_offsets":[0,4]}}""", 4, "is there twice" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' is there twice" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' is there twice" },
        { """{"__metadata__":{"a":"1","a":"2"}}""", 0, "are there twice" },
        { """{"__metadata__":{"a":"1"},"__metadata__":{"b":"2"}}""", 0, "'__metadata__' is there twice" },
        { """{"__metadata__":{"a":1}}""", 0, "the metadata 'a', a text" },
        { """{"__metadata__":{"a":{}}}""", 0, "the metadata 'a', a text" },
        { """{"__metadata__":"a"}""", 0, "'__metadata__', an object" },
        { """{"a":1}""", 0, "the tensor 'a', an object" },
        { "[]", 0, "the header, an object" },
        { "null", 0, "the header, an object" },
        { "{}{}", 0, "not well-formed JSON" },
        { "{} x", 0, "not well-formed JSON" },
        { "{", 0, "not well-formed JSON" },
        { "{\"a\":", 0, "not well-formed JSON" },
        { "{,}", 0, "not well-formed JSON" },
        { "{} // a comment", 0, "not well-formed JSON" },
        { """{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}""", 4, "not well-formed JSON" },
        { """{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not well-formed" },
        { string.Empty, 0, "not well-formed JSON" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Open_Malformed_SaysWhatIsWrong(string header, int dataBytes, string message)
    {
        var open = () => Open(header, new byte[dataBytes]);

        open.Should().ThrowExactly<ModelFormatException>().Which.Message.Should().Contain(message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Open_LessThanALength_IsRefused(int bytes)
    {
        var open = () => SafetensorsFile.Open(new MemoryStream(new byte[bytes]));

        open.Should().ThrowExactly<ModelFormatException>().WithMessage($"*{bytes} bytes*");
    }

    [Theory]
    [InlineData(100_000_001UL, "more than 100000000")]
    [InlineData(ulong.MaxValue, "more than 100000000")]
    [InlineData(3UL, "the file ends 2 bytes after it")]
    public void Open_HeaderTooLong_IsRefusedAtTheLength(ulong length, string message)
    {
        byte[] file = [0, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);

        ModelFormatException refusal = FluentActions.Invoking(() => SafetensorsFile.Open(new MemoryStream(file)))
            .Should().ThrowExactly<ModelFormatException>().Which;

        refusal.Message.Should().Contain(message);
        refusal.Position.Should().Be(0);
    }

    [Fact]
    public void Open_NotUtf8_SaysAtWhichByte()
    {
        byte[] file = [4, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}', (byte)' ', 0xff];

        var open = () => SafetensorsFile.Open(new MemoryStream(file));

        open.Should().ThrowExactly<ModelFormatException>().Which.Position.Should().Be(11);
    }

    [Fact]
    public void Open_WhatTheFormatAllows_IsRead()
    {
        const string header = """
             {"scalar" : {"data_offsets":[4,12], "dtype":"F64","shape":[]},
            "none":{"dtype":"F32","shape":[3,0],"data_offsets":[4,4]},"__metadata__":{"format":"p\u0074"},
            "nan":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"unknown":{"x":[1]}}, "":{"dtype":"I64","shape":[1],"data_offsets":[12,20]}}  
            """;
        byte[] data = new byte[20];
        BinaryPrimitives.WriteSingleLittleEndian(data, float.NaN);
        BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(4), 0.1);

        using SafetensorsFile file = Open("\t\n" + header, data);

        file.Tensors.Select(tensor => tensor.ToString()).Should().Equal(
            "scalar, F64 of []", "none, F32 of [3, 0]", "nan, F32 of [1]", ", I64 of [1]");
        file.Metadata("format").Should().Be("pt");
        file.Metadata("other").Should().BeNull();
        file.Read<double>("scalar").Should().Equal(0.1);
        file.Read<float>("scalar").Should().Equal(0.1f);
        file.Read<float>("none").Should().BeEmpty();
        file.Read<float>("nan").Should().ContainSingle(x => float.IsNaN(x));
    }

    [Theory]
    [InlineData("F16", new byte[] { 0x00, 0x3c, 0x66, 0x2e, 0x00, 0xfc }, new[] { 1, 0.0999755859375, double.NegativeInfinity })]
    [InlineData("BF16", new byte[] { 0x80, 0x3f, 0xcd, 0x3d, 0x80, 0xff }, new[] { 1, 0.10009765625, double.NegativeInfinity })]
    [InlineData("F32", new byte[] { 0, 0, 0x80, 0x3f, 0xcd, 0xcc, 0xcc, 0x3d }, new[] { 1, 0.10000000149011612 })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xf0, 0x3f }, new[] { 1.0 })]
    public void Read_EachType_HasTheValuesOfItsBits(string type, byte[] data, double[] expected)
    {
        using SafetensorsFile file = Open(
            $$"""{"a":{"dtype":"{{type}}","shape":[{{expected.Length}}],"data_offsets":[0,{{data.Length}}]} }""", data);

        file.Read<double>("a").Should().Equal(expected);
        file.Read<float>("a").Should().Equal(expected.Select(x => (float)x));
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("BOOL", 1)]
    [InlineData("C64", 8)]
    public void Read_AnotherType_NamesIt(string type, int bytes)
    {
        using SafetensorsFile file = Open(
            $$"""{"a":{"dtype":"{{type}}","shape":[1],"data_offsets":[0,{{bytes}}]} }""", new byte[bytes]);

        var read = () => file.Read<float>("a");

        read.Should().ThrowExactly<ModelFormatException>().Which.Message.Should().Contain(type);
    }

    [Fact]
    public void Read_NoSuchTensor_NamesIt()
    {
        using SafetensorsFile file = Open("{}", []);

        var read = () => file.Read<float>("weight");

        read.Should().ThrowExactly<ModelFormatException>().WithMessage("*'weight'*");
    }

    [Fact]
    public void Read_IntoAnotherLength_IsRefused()
    {
        using SafetensorsFile file = Open("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]);

        Refusal.Of<ArgumentException>(() => file.Read("a", new float[2]), "values", "1 elements", "has 2");
    }

    [Fact]
    public void Open_MoreTensorsOrDimensionsThanTheLimits_IsRefused()
    {
        string many = string.Join(',', Enumerable.Range(0, 32_769).Select(n => $$"""
            "{{n}}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}
            """));
        string ones = string.Join(',', Enumerable.Repeat(1, 33));

        FluentActions.Invoking(() => Open($"{{{many}}}", []))
            .Should().ThrowExactly<ModelFormatException>().WithMessage("*more than 32768 tensors*");
        FluentActions.Invoking(() => Open($$"""{"a":{"dtype":"U8","shape":[{{ones}}],"data_offsets":[0,1]} }""", [0]))
            .Should().ThrowExactly<ModelFormatException>().WithMessage("*more than 32 numbers*");
        FluentActions.Invoking(() => Open($$"""{"__metadata__":{"{{new string('a', 2_000_001)}}":""} }""", []))
            .Should().ThrowExactly<ModelFormatException>().WithMessage("*names are longer*");
    }

    [Fact]
    public void Open_BadArguments_IsRefused()
    {
        using var unseekable = new System.IO.Compression.DeflateStream(new MemoryStream(), System.IO.Compression.CompressionMode.Decompress);

        Refusal.Of<ArgumentNullException>(() => SafetensorsFile.Open((Stream)null!), "stream");
        Refusal.Of<ArgumentNullException>(() => TensorFile.Open(null!), "path");
        Refusal.Of<ArgumentException>(() => SafetensorsFile.Open(unseekable), "stream", "seek");
    }

    [Fact]
    public void Dispose_LeftOpen_LeavesTheStream()
    {
        using var stream = new MemoryStream([2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);

        SafetensorsFile.Open(stream, leaveOpen: true).Dispose();
        stream.CanRead.Should().BeTrue();
        SafetensorsFile.Open(stream).Dispose();
        stream.CanRead.Should().BeFalse();
    }

    private static SafetensorsFile Open(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return SafetensorsFile.Open(new MemoryStream([.. length, .. text, .. data]));
    }
}

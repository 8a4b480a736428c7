namespace Lstm.Onnx.Protobuf;

/// <summary>What an attribute holds: the numbers of AttributeProto.AttributeType.</summary>
internal enum AttributeKind
{
    Undefined = 0,
    Float = 1,
    Integer = 2,
    Text = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Integers = 7,
    Texts = 8,
}

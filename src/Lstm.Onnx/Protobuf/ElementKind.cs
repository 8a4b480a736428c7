namespace Lstm.Onnx.Protobuf;

/// <summary>What a tensor's elements are: the numbers of TensorProto.DataType that are read or written.</summary>
internal enum ElementKind
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    BFloat16 = 16,
}

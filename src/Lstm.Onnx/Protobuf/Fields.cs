namespace Lstm.Onnx.Protobuf;

/// <summary>The numbers of the fields of ONNX's messages that are read or written, as the public onnx.proto has them.</summary>
internal static class Fields
{
    public static class Model
    {
        public const int IrVersion = 1;
        public const int ProducerName = 2;
        public const int Graph = 7;
        public const int OpsetImport = 8;
        public const int Metadata = 14;
    }

    public static class Entry
    {
        public const int Key = 1;
        public const int Value = 2;
    }

    public static class OperatorSet
    {
        public const int Domain = 1;
        public const int Version = 2;
    }

    public static class Graph
    {
        public const int Node = 1;
        public const int Name = 2;
        public const int Initializer = 5;
        public const int Input = 11;
        public const int Output = 12;
        public const int SparseInitializer = 15;
    }

    public static class Node
    {
        public const int Input = 1;
        public const int Output = 2;
        public const int Name = 3;
        public const int OperatorType = 4;
        public const int Attribute = 5;
        public const int Domain = 7;
    }

    public static class Attribute
    {
        public const int Name = 1;
        public const int Float = 2;
        public const int Integer = 3;
        public const int Text = 4;
        public const int Tensor = 5;
        public const int Graph = 6;
        public const int Floats = 7;
        public const int Integers = 8;
        public const int Texts = 9;
        public const int Type = 20;
    }

    public static class Tensor
    {
        public const int Dimensions = 1;
        public const int DataType = 2;
        public const int Segment = 3;
        public const int FloatData = 4;
        public const int Int32Data = 5;
        public const int Int64Data = 7;
        public const int Name = 8;
        public const int RawData = 9;
        public const int DoubleData = 10;
        public const int ExternalData = 13;
        public const int DataLocation = 14;
    }

    public static class Value
    {
        public const int Name = 1;
        public const int Type = 2;

        /// <summary>Within the type.</summary>
        public const int TensorType = 1;

        /// <summary>Within the tensor's type.</summary>
        public const int ElementType = 1;

        /// <summary>Within the tensor's type.</summary>
        public const int Shape = 2;

        /// <summary>Within the shape.</summary>
        public const int Dimension = 1;

        /// <summary>Within the dimension: a number.</summary>
        public const int DimensionValue = 1;

        /// <summary>Within the dimension: the name of an open one.</summary>
        public const int DimensionName = 2;
    }
}

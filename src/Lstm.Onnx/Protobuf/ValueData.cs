namespace Lstm.Onnx.Protobuf;

/// <summary>An input or output of the graph as the file has it (ValueInfoProto); the shape is null if it is not given.</summary>
internal sealed record ValueData(string Name, ElementKind Kind, IReadOnlyList<OnnxDimension>? Shape)
{
    public static ValueData Read(WireReader reader)
    {
        var value = new ValueData(string.Empty, ElementKind.Undefined, null);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Value.Name:
                    value = value with { Name = reader.Text() };
                    break;
                case Fields.Value.Type:
                    (ElementKind kind, IReadOnlyList<OnnxDimension>? shape) = reader.Message(Type);
                    value = value with { Kind = kind, Shape = shape };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private static (ElementKind Kind, IReadOnlyList<OnnxDimension>? Shape) Type(WireReader reader)
    {
        (ElementKind, IReadOnlyList<OnnxDimension>?) type = default;
        while (reader.Next())
        {
            if (reader.Field == Fields.Value.TensorType)
            {
                type = reader.Message(TensorType);
            }
            else
            {
                reader.Skip();
            }
        }

        return type;
    }

    private static (ElementKind Kind, IReadOnlyList<OnnxDimension>? Shape) TensorType(WireReader reader)
    {
        ElementKind kind = ElementKind.Undefined;
        IReadOnlyList<OnnxDimension>? shape = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Value.ElementType:
                    kind = (ElementKind)reader.Integer();
                    break;
                case Fields.Value.Shape:
                    shape = reader.Message(Dimensions);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (kind, shape);
    }

    private static List<OnnxDimension> Dimensions(WireReader reader)
    {
        List<OnnxDimension> shape = [];
        while (reader.Next())
        {
            if (reader.Field == Fields.Value.Dimension)
            {
                shape.Add(reader.Message(Dimension));
            }
            else
            {
                reader.Skip();
            }
        }

        return shape;
    }

    private static OnnxDimension Dimension(WireReader reader)
    {
        OnnxDimension dimension = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Value.DimensionValue:
                    long size = reader.Integer();
                    dimension = size is >= 0 and <= int.MaxValue
                        ? new OnnxDimension((int)size, null)
                        : throw new OnnxException($"An input or output has a dimension of {size}.");
                    break;
                case Fields.Value.DimensionName:
                    dimension = new OnnxDimension(null, reader.Text());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return dimension;
    }
}

namespace Lstm.Onnx.Protobuf;

/// <summary>An attribute of a node as the file has it (AttributeProto).</summary>
internal sealed record AttributeData(
    string Name,
    AttributeKind Kind,
    float Number,
    long Integer,
    string Text,
    TensorData? Tensor,
    GraphData? Graph,
    IReadOnlyList<float> Numbers,
    IReadOnlyList<long> Integers,
    IReadOnlyList<string> Texts)
{
    public static AttributeData Read(WireReader reader)
    {
        string name = string.Empty;
        AttributeKind kind = AttributeKind.Undefined;
        float number = 0;
        long integer = 0;
        string text = string.Empty;
        TensorData? tensor = null;
        GraphData? graph = null;
        List<float> numbers = [];
        List<long> integers = [];
        List<string> texts = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Attribute.Name:
                    name = reader.Text();
                    break;
                case Fields.Attribute.Type:
                    kind = (AttributeKind)reader.Integer();
                    break;
                case Fields.Attribute.Float:
                    number = reader.Number();
                    break;
                case Fields.Attribute.Integer:
                    integer = reader.Integer();
                    break;
                case Fields.Attribute.Text:
                    text = reader.Text();
                    break;
                case Fields.Attribute.Tensor:
                    tensor = reader.Message(TensorData.Read);
                    break;
                case Fields.Attribute.Graph:
                    graph = reader.Message(GraphData.Read);
                    break;
                case Fields.Attribute.Floats:
                    reader.Numbers(numbers);
                    break;
                case Fields.Attribute.Integers:
                    reader.Integers(integers);
                    break;
                case Fields.Attribute.Texts:
                    texts.Add(reader.Text());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new AttributeData(name, kind, number, integer, text, tensor, graph, numbers, integers, texts);
    }
}

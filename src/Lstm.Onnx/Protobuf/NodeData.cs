namespace Lstm.Onnx.Protobuf;

/// <summary>A node as the file has it (NodeProto).</summary>
internal sealed record NodeData(
    string Name,
    string Operator,
    string Domain,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<AttributeData> Attributes)
{
    public static NodeData Read(WireReader reader)
    {
        string name = string.Empty;
        string type = string.Empty;
        string domain = string.Empty;
        List<string> inputs = [];
        List<string> outputs = [];
        List<AttributeData> attributes = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Node.Input:
                    inputs.Add(reader.Text());
                    break;
                case Fields.Node.Output:
                    outputs.Add(reader.Text());
                    break;
                case Fields.Node.Name:
                    name = reader.Text();
                    break;
                case Fields.Node.OperatorType:
                    type = reader.Text();
                    break;
                case Fields.Node.Domain:
                    domain = reader.Text();
                    break;
                case Fields.Node.Attribute:
                    attributes.Add(reader.Message(AttributeData.Read));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new NodeData(name, type, domain, inputs, outputs, attributes);
    }

    /// <summary>Says which node it is: its operator and its name or, if it has none, its first output.</summary>
    public override string ToString() =>
        $"{Operator} node '{(Name.Length > 0 ? Name : Outputs.FirstOrDefault(output => output.Length > 0))}'";
}

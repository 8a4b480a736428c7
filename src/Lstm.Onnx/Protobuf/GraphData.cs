namespace Lstm.Onnx.Protobuf;

/// <summary>A graph as the file has it (GraphProto): that of the model, or one within a node.</summary>
internal sealed class GraphData
{
    public List<NodeData> Nodes { get; } = [];

    public List<TensorData> Constants { get; } = [];

    public List<ValueData> Inputs { get; } = [];

    public List<ValueData> Outputs { get; } = [];

    public static GraphData Read(WireReader reader)
    {
        var graph = new GraphData();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Graph.Node:
                    graph.Nodes.Add(reader.Message(NodeData.Read));
                    break;
                case Fields.Graph.Initializer:
                    graph.Constants.Add(reader.Message(TensorData.Read));
                    break;
                case Fields.Graph.Input:
                    graph.Inputs.Add(reader.Message(ValueData.Read));
                    break;
                case Fields.Graph.Output:
                    graph.Outputs.Add(reader.Message(ValueData.Read));
                    break;
                case Fields.Graph.SparseInitializer:
                    throw new OnnxException("The graph has a sparse tensor, which is not supported.");
                default:
                    reader.Skip();
                    break;
            }
        }

        return graph;
    }
}

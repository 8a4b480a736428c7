using System.Numerics;

namespace Lstm.Onnx.Operators;

/// <summary>The recurrent operators.</summary>
internal static class RecurrentOperators<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void AddTo(OperatorTable<T> table)
    {
        foreach (string name in new[] { "LSTM", "GRU", "RNN" })
        {
            table.Add(name, node => Create(node).Run);
        }
    }

    /// <summary>Reads a recurrent node.</summary>
    public static RecurrentNode<T> Create(NodeReader node) => node.Node.Operator switch
    {
        "LSTM" => new LstmNode<T>(node),
        "GRU" => new GruNode<T>(node),
        _ => new RnnNode<T>(node),
    };
}

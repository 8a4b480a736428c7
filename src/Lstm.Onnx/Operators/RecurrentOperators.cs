using System.Numerics;

namespace Lstm.Onnx.Operators;

/// <summary>The recurrent operators.</summary>
internal static class RecurrentOperators<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void AddTo(OperatorTable<T> table)
    {
        table.Add("LSTM", node => new LstmNode<T>(node).Run);
        table.Add("GRU", node => new GruNode<T>(node).Run);
        table.Add("RNN", node => new RnnNode<T>(node).Run);
    }
}

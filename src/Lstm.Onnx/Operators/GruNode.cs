using System.Numerics;
using Lstm.Layers;

namespace Lstm.Onnx.Operators;

/// <summary>A node of ONNX's operator GRU.</summary>
internal sealed class GruNode<T> : RecurrentNode<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Gates = 3;

    private readonly GruOptions _options;

    public GruNode(NodeReader node)
        : base(node, Gates, states: 1, "Sigmoid", "Tanh")
    {
        if (Clip > 0)
        {
            throw node.Refuse("it has a clip");
        }

        foreach (RecurrentActivation[] activations in Activations)
        {
            if (activations is not [{ Name: "Sigmoid" }, { Name: "Tanh" }])
            {
                throw node.Refuse("its activations are not Sigmoid and Tanh");
            }
        }

        _options = new GruOptions
        {
            // Weights are overwritten at once, and drawing them is dear.
            InputInitializer = Initializer.Zeros,
            RecurrentInitializer = Initializer.Zeros,
            ResetAfter = node.Flag("linear_before_reset"),
        };
    }

    protected override Layer<T> CreateLayer(RecurrentWeights<T> weights, int direction)
    {
        int units = weights.Units;
        bool hasBias = weights.Bias is not null;
        var layer = new GruLayer<T>(weights.Inputs, units, options: _options with { UseBias = hasBias });
        int ToOnnx(int row) => GateOrder.GruToOnnx(row, units);
        RecurrentWeights<T>.CopyRows(weights.Input, direction, layer.InputWeights, ToOnnx);
        RecurrentWeights<T>.CopyRows(weights.Recurrent, direction, layer.RecurrentWeights, ToOnnx);
        if (!hasBias)
        {
            return layer;
        }

        var bias = new T[layer.Bias.Count];
        for (int row = 0; row < Gates * units; row++)
        {
            T input = weights.BiasOf(direction, 0, ToOnnx(row));
            T recurrent = weights.BiasOf(direction, 1, ToOnnx(row));
            bool apart = _options.ResetAfter && row >= 2 * units;
            bias[row] = apart ? input : input + recurrent;
            if (apart)
            {
                bias[row + units] = recurrent;
            }
        }

        layer.Bias.CopyFrom(bias);

        return layer;
    }
}

using System.Numerics;
using Lstm.Layers;

namespace Lstm.Onnx.Operators;

/// <summary>A node of ONNX's operator RNN.</summary>
internal sealed class RnnNode<T> : RecurrentNode<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For each direction, how its layer is made.</summary>
    private readonly RnnOptions[] _options;

    public RnnNode(NodeReader node)
        : base(node, 1, states: 1, "Tanh")
    {
        if (Clip > 0)
        {
            throw node.Refuse("it has a clip");
        }

        _options =
        [
            .. Activations.Select(activations => Options(node, () => new RnnOptions
            {
                // Weights are overwritten at once, and drawing them is dear.
                InputInitializer = Initializer.Zeros,
                RecurrentInitializer = Initializer.Zeros,
                Activation = activations[0].ToActivation(),
            })),
        ];
    }

    protected override Layer<T> CreateLayer(RecurrentWeights<T> weights, int direction)
    {
        bool hasBias = weights.Bias is not null;
        var layer = new RnnLayer<T>(weights.Inputs, weights.Units, options: _options[direction] with { UseBias = hasBias });
        RecurrentWeights<T>.CopyRows(weights.Input, direction, layer.InputWeights, row => row);
        RecurrentWeights<T>.CopyRows(weights.Recurrent, direction, layer.RecurrentWeights, row => row);
        if (hasBias)
        {
            weights.CopyBias(direction, layer.Bias, row => row);
        }

        return layer;
    }
}

using System.Numerics;
using Lstm.Layers;

namespace Lstm.Onnx.Operators;

/// <summary>A node of ONNX's operator LSTM.</summary>
internal sealed class LstmNode<T> : RecurrentNode<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Gates = 4;

    /// <summary>For each direction, how its layer is made but for peepholes.</summary>
    private readonly LstmOptions[] _options;

    public LstmNode(NodeReader node)
        : base(node, Gates, states: 2, "Sigmoid", "Tanh", "Tanh")
    {
        bool coupled = node.Flag("input_forget");
        _options =
        [
            .. Activations.Select(activations => Options(node, () => new LstmOptions
            {
                // Weights are overwritten at once, and drawing them is dear.
                InputInitializer = Initializer.Zeros,
                RecurrentInitializer = Initializer.Zeros,
                CoupledGates = coupled,
                GateClip = Clip > 0 ? Clip : null,
                GateActivation = activations[0].ToActivation(),
                CandidateActivation = activations[1].ToActivation(),
                OutputActivation = activations[2].ToActivation(),
            })),
        ];
    }

    protected override int? PeepholeInput => 7;

    protected override Layer<T> CreateLayer(RecurrentWeights<T> weights, int direction)
    {
        int units = weights.Units;
        LstmOptions options = _options[direction] with
        {
            UseBias = weights.Bias is not null,
            LearnInitialState = weights.InitialHidden is not null || weights.InitialCell is not null,
        };
        if (weights.Peepholes is not null)
        {
            options = options with { Peepholes = true, PeepholeInitializer = Initializer.Zeros };
        }

        var layer = new LstmLayer<T>(weights.Inputs, units, options: options);
        int ToOnnx(int row) => options.CoupledGates ? GateOrder.CoupledToOnnx(row, units) : GateOrder.ToOnnx(row, units);
        RecurrentWeights<T>.CopyRows(weights.Input, direction, layer.InputWeights, ToOnnx);
        RecurrentWeights<T>.CopyRows(weights.Recurrent, direction, layer.RecurrentWeights, ToOnnx);
        if (options.UseBias)
        {
            weights.CopyBias(direction, layer.Bias, ToOnnx);
        }

        weights.CopyPeepholes(direction, layer.Peepholes, row => GateOrder.PeepholeToOnnx(row, units, options.CoupledGates));

        if (options.LearnInitialState)
        {
            weights.CopyState(weights.InitialHidden, direction, layer.InitialHidden!);
            weights.CopyState(weights.InitialCell, direction, layer.InitialCell!);
        }

        return layer;
    }
}

using Lstm.Layers;
using Lstm.Tests.Goldens;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Layers;

/// <summary>The layer beside PyTorch in float64; see Goldens/torch_lstm.py.</summary>
public class LstmLayerTorchTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, TorchLstm.Cases.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_TorchCase_GivesItsOutputStateAndGradients(int number)
    {
        TorchLstm golden = TorchLstm.Cases[number];
        LstmLayer<double> layer = golden.CreateLayer();

        Sequence<double> output = layer.Forward(
            TorchLstm.Sequence(golden.Input), TorchLstm.State(golden.InitialHidden, golden.InitialCell));
        Close.To(output, TorchLstm.Sequence(golden.Output), "output");
        Close.To(layer.FinalState, TorchLstm.State(golden.FinalHidden, golden.FinalCell), "final state");

        Sequence<double> inputGradient = layer.Backward(
            TorchLstm.Sequence(golden.OutputGradient),
            TorchLstm.State(golden.FinalHiddenGradient, golden.FinalCellGradient));
        Close.To(inputGradient, TorchLstm.Sequence(golden.InputGradient), "input gradient");
        Close.To(
            layer.InitialStateGradient,
            TorchLstm.State(golden.InitialHiddenGradient, golden.InitialCellGradient),
            "gradient of the initial state");
        Close.To(layer.InputWeights.Gradient, Rows(golden.InputWeightsGradient), "gradient of W");
        Close.To(layer.RecurrentWeights.Gradient, Rows(golden.RecurrentWeightsGradient), "gradient of U");
        Close.To(layer.Bias.Gradient, Rows([.. golden.BiasGradient.Select(x => new[] { x })]), "gradient of b");
    }

    private static Matrix<double> Rows(double[][] rows) => Matrix<double>.Build.DenseOfRowArrays(rows);
}

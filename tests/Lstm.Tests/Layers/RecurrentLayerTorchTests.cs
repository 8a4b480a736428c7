using Lstm.Layers;
using Lstm.Tests.Goldens;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Layers;

/// <summary>GRUs and plain recurrent layers beside PyTorch in float64; see Goldens/torch_recurrent.py.</summary>
public class RecurrentLayerTorchTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, TorchRecurrent.Cases.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_Torch_GivesItsOutputStateAndGradients(int number)
    {
        TorchRecurrent golden = TorchRecurrent.Cases[number];
        RecurrentLayer<double> layer = golden.CreateLayer();
        Sequence<double> input = golden.CreateInput();
        HiddenState<double> state = TorchRecurrent.State(golden.InitialHidden);

        Sequence<double> output = layer.Forward(input, state);
        Close.To(output, TorchLstm.Sequence(golden.Output), "output");
        Close.To(layer.FinalState, TorchRecurrent.State(golden.FinalHidden), "final state");

        Sequence<double> inputGradient = layer.Backward(
            TorchLstm.Sequence(golden.OutputGradient), TorchRecurrent.State(golden.FinalHiddenGradient));
        Close.To(inputGradient, TorchLstm.Sequence(golden.InputGradient), "input gradient");
        Close.To(layer.InitialStateGradient, TorchRecurrent.State(golden.InitialHiddenGradient), "gradient of the initial state");
        Close.To(layer.InputWeights.Gradient, Rows(golden.InputWeightsGradient), "gradient of W");
        Close.To(layer.RecurrentWeights.Gradient, Rows(golden.RecurrentWeightsGradient), "gradient of U");
        double[] bias = [.. golden.BiasGradient, .. golden.RecurrentBiasGradient ?? []];
        Close.To(layer.Bias.Gradient, Matrix<double>.Build.Dense(bias.Length, 1, bias), "gradient of b");

        Close.To(layer.Infer(input, state), TorchLstm.Sequence(golden.Output), "inferred output");
        Close.To(state, TorchRecurrent.State(golden.FinalHidden), "inferred state");
    }

    private static Matrix<double> Rows(double[][] rows) => Matrix<double>.Build.DenseOfRowArrays(rows);
}

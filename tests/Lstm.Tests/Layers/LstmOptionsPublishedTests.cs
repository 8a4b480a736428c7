using Lstm.Layers;
using Lstm.Tests.Goldens;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Layers;

/// <summary>Options beside numbers that other implementations compute, or publish in their own tests.</summary>
public class LstmOptionsPublishedTests
{
    /// <summary>ONNX Runtime's own tolerance; it computes in float.</summary>
    private const double OnnxRuntimeTolerance = 1e-6;

    public static TheoryData<int> TorchCases => [.. Enumerable.Range(0, TorchProjection.Cases.Count)];

    /// <summary>
    /// ONNX Runtime, onnxruntime/test/providers/cpu/rnn/deep_cpu_lstm_op_test.cc at f8b74ff7: ForwardPeepHole and
    /// ForwardClip. Its gates are i, o, f, c (the candidate), its peepholes i, o, f.
    /// </summary>
    [Theory]
    [InlineData(
        null,
        new[] { -0.0251062475, 0.0561261699, -0.03277518, 0.05935364 },
        new[] { -0.0780206, 0.098829 })]
    [InlineData(
        0.1,
        new[] { -0.02280854, 0.02744377, -0.03516197, 0.03875681 },
        new[] { -0.07415761, 0.07395997 })]
    public void Forward_OnnxRuntimePeepholesAndClip_GivesPublishedOutput(double? clip, double[] expected, double[] expectedCell)
    {
        double[,] w =
        {
            { -0.494659, 0.0453352 }, { -0.487793, 0.417264 }, { -0.0175329, 0.489074 }, { -0.446013, 0.414029 },
            { -0.0091708, -0.255364 }, { -0.106952, -0.266717 }, { -0.0888852, -0.428709 }, { -0.283349, 0.208792 },
        };
        double[,] r =
        {
            { 0.146626, -0.0620289 }, { -0.0815302, 0.100482 }, { -0.219535, -0.306635 }, { -0.28515, -0.314112 },
            { -0.228172, 0.405972 }, { 0.31576, 0.281487 }, { -0.394864, 0.42111 }, { -0.386624, -0.390225 },
        };
        double[] b = [0.381619, 0.0323954, -0.14449, 0.420804, -0.258721, 0.45056, -0.250755, 0.0967895];
        double[] p = [0.2345, 0.5235, 0.4378, 0.3475, 0.8927, 0.3456];
        LstmLayer<double> layer = new(2, 2, options: new LstmOptions { Peepholes = true, GateClip = clip });
        int[] gates = [0, 4, 6, 2]; // Where i, f, g and o are there.
        for (int row = 0; row < 8; row++)
        {
            int from = gates[row / 2] + (row % 2);
            layer.InputWeights.Value.SetRow(row, [w[from, 0], w[from, 1]]);
            layer.RecurrentWeights.Value.SetRow(row, [r[from, 0], r[from, 1]]);
            layer.Bias.Values[row] = b[from];
        }

        double[] peepholes = [p[0], p[1], p[4], p[5], p[2], p[3]];
        peepholes.CopyTo(layer.Peepholes!.Values);

        Sequence<double> output = layer.Forward(new Sequence<double>(2, 1, 2, [-0.455351, -0.276391, -0.185934, -0.269585]));

        Close.Within(output.Values.ToArray(), expected, OnnxRuntimeTolerance);
        Close.Within(layer.FinalState.Cell.ToColumnMajorArray(), expectedCell, OnnxRuntimeTolerance);
    }

    [Theory]
    [MemberData(nameof(TorchCases))]
    public void Train_TorchProjection_GivesItsOutputStateAndGradients(int number)
    {
        TorchProjection golden = TorchProjection.Cases[number];
        TorchLstm lstm = golden.Lstm;
        LstmLayer<double> layer = golden.CreateLayer();
        Sequence<double> input = TorchLstm.Sequence(lstm.Input);
        input.Mask = golden.Lengths is null ? null : StepMask.FromLengths(input.Steps, golden.Lengths);

        Sequence<double> output = layer.Forward(input, TorchLstm.State(lstm.InitialHidden, lstm.InitialCell));
        Close.To(output, TorchLstm.Sequence(lstm.Output), "output");
        Close.To(layer.FinalState, TorchLstm.State(lstm.FinalHidden, lstm.FinalCell), "final state");

        Sequence<double> inputGradient = layer.Backward(
            TorchLstm.Sequence(lstm.OutputGradient), TorchLstm.State(lstm.FinalHiddenGradient, lstm.FinalCellGradient));
        Close.To(inputGradient, TorchLstm.Sequence(lstm.InputGradient), "input gradient");
        Close.To(
            layer.InitialStateGradient,
            TorchLstm.State(lstm.InitialHiddenGradient, lstm.InitialCellGradient),
            "gradient of the initial state");
        static Matrix<double> Rows(double[][] rows) => Matrix<double>.Build.DenseOfRowArrays(rows);
        Close.To(layer.InputWeights.Gradient, Rows(lstm.InputWeightsGradient), "gradient of W");
        Close.To(layer.RecurrentWeights.Gradient, Rows(lstm.RecurrentWeightsGradient), "gradient of U");
        Close.To(layer.Bias.Gradient, Matrix<double>.Build.Dense(lstm.BiasGradient.Length, 1, lstm.BiasGradient), "gradient of b");
        Close.To(layer.Projection!.Gradient, Rows(golden.ProjectionGradient), "gradient of P");
    }
}

using System.Text.Json;
using Lstm.Layers;
using Lstm.Models;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Goldens;

/// <summary>One case of torch_stack.json, which torch_stack.py writes. Matrices are lists of rows, a state is B × H.</summary>
public sealed record TorchStack(
    int Layers,
    bool Bidirectional,
    int[]? Lengths,
    double[][][] Input,
    double[][][] OutputGradient,
    double[][][] Output,
    double[][][] InputGradient,
    TorchStack.Part[] Lstms)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TorchStack> Cases { get; } = JsonSerializer.Deserialize<TorchStack[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "torch_stack.json")), CamelCase)!;

    /// <summary>The network, a layer of it for each of PyTorch's.</summary>
    public Network<double> CreateNetwork()
    {
        LstmLayer<double>[] lstms = [.. Lstms.Select(part => part.CreateLayer())];
        return new Network<double>(Bidirectional
            ? [.. lstms.Chunk(2).Select(pair => new BidirectionalLayer<double>(pair[0], pair[1]))]
            : lstms);
    }

    /// <summary>A state of the network with the numbers of each LSTM's, in order.</summary>
    public static LayerState<double> Fill(LayerState<double> state, IEnumerable<LstmState<double>> states)
    {
        StatePart<double>[] parts = [.. states.SelectMany(lstm => lstm.Parts)];
        parts.Should().HaveSameCount(state.Parts);
        for (int n = 0; n < parts.Length; n++)
        {
            parts[n].Values.CopyTo(state.Parts[n].Values);
        }

        return state;
    }

    /// <summary>One LSTM: of one layer in one direction.</summary>
    public sealed record Part(
        double[][] InputWeights,
        double[][] RecurrentWeights,
        double[] Bias,
        double[][] InitialHidden,
        double[][] InitialCell,
        double[][] FinalHiddenGradient,
        double[][] FinalCellGradient,
        double[][] FinalHidden,
        double[][] FinalCell,
        double[][] InputWeightsGradient,
        double[][] RecurrentWeightsGradient,
        double[] BiasGradient,
        double[][] InitialHiddenGradient,
        double[][] InitialCellGradient)
    {
        public LstmState<double> CreateInitialState() => TorchLstm.State(InitialHidden, InitialCell);

        public LstmState<double> CreateFinalStateGradient() => TorchLstm.State(FinalHiddenGradient, FinalCellGradient);

        public LstmState<double> CreateFinalState() => TorchLstm.State(FinalHidden, FinalCell);

        public LstmState<double> CreateInitialStateGradient() => TorchLstm.State(InitialHiddenGradient, InitialCellGradient);

        public IReadOnlyList<Matrix<double>> CreateGradients() =>
            [Rows(InputWeightsGradient), Rows(RecurrentWeightsGradient), Rows([.. BiasGradient.Select(x => new[] { x })])];

        public LstmLayer<double> CreateLayer()
        {
            var layer = new LstmLayer<double>(InputWeights[0].Length, RecurrentWeights[0].Length);
            Rows(InputWeights).CopyTo(layer.InputWeights.Value);
            Rows(RecurrentWeights).CopyTo(layer.RecurrentWeights.Value);
            Bias.CopyTo(layer.Bias.Values);
            return layer;
        }

        private static Matrix<double> Rows(double[][] rows) => Matrix<double>.Build.DenseOfRowArrays(rows);
    }
}

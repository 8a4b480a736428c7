using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Interchange;

public sealed class KerasTests
{
    /// <summary>The formulas of Keras: kernel of inputs × 4 units, columns i, f, c, o.</summary>
    [Fact]
    public void Weights_OfAnLstm_AreKernelsWithTheGatesInColumns()
    {
        var layer = new LstmLayer<double>(2, 3, seed: 1);
        Draw.Parameters(new Random(2), layer);

        using TensorFile file = Reopen(Keras.Weights(layer, "lstm/lstm_cell"));

        file.Tensors.Select(tensor => tensor.ToString()).Should().Equal(
            "lstm/lstm_cell/bias, F64 of [12]",
            "lstm/lstm_cell/kernel, F64 of [2, 12]",
            "lstm/lstm_cell/recurrent_kernel, F64 of [3, 12]");
        double[] kernel = file.Read<double>("lstm/lstm_cell/kernel");
        double[] recurrent = file.Read<double>("lstm/lstm_cell/recurrent_kernel");
        for (int column = 0; column < 12; column++)
        {
            kernel[12 + column].Should().Be(layer.InputWeights.Value[column, 1]);
            recurrent[24 + column].Should().Be(layer.RecurrentWeights.Value[column, 2]);
        }
    }

    /// <summary>Keras's GRU with reset_after: columns z, r, h, the input's bias in row 0, the recurrent one in row 1.</summary>
    [Fact]
    public void LoadAndWeights_OfAGru_AreInColumnsZRH()
    {
        const int units = 2;
        var tensors = new TensorSet();
        tensors.Add("gru/kernel", [1, 3 * units], [1.0, 2, 3, 4, 5, 6]);
        tensors.Add("gru/recurrent_kernel", [units, 3 * units], [.. Enumerable.Range(10, 12).Select(n => (double)n)]);
        tensors.Add("gru/bias", [2, 3 * units], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1, 2, 3, 4, 5, 6]);
        using TensorFile file = Reopen(tensors);
        var layer = new GruLayer<double>(1, units, seed: 1);
        Draw.Parameters(new Random(1), layer);

        Keras.Load(layer, file);

        layer.InputWeights.Values.ToArray().Should().Equal(3, 4, 1, 2, 5, 6);
        layer.RecurrentWeights.Values.ToArray().Should().Equal(12, 13, 10, 11, 14, 15, 18, 19, 16, 17, 20, 21);
        layer.Bias.Values.ToArray().Should().Equal(3.3, 4.4, 1.1, 2.2, 0.5, 0.6, 5, 6);
        using TensorFile written = Reopen(Keras.Weights(layer, "gru"));
        written.Read<double>("gru/kernel").Should().Equal(1, 2, 3, 4, 5, 6);
        written.Read<double>("gru/bias").Should().Equal(1.1, 2.2, 3.3, 4.4, 0.5, 0.6, 0, 0, 0, 0, 5, 6);
    }

    [Fact]
    public void SaveAndLoad_ANetworkAsNpz_GivesTheSameBits()
    {
        Network<float> network = Create(1);
        Draw.Parameters(new Random(3), network);
        string[] names = ["embedding", "bidirectional/forward_lstm/lstm_cell", "bidirectional/backward_lstm/lstm_cell", "dense"];
        Network<float> loaded = Create(2);

        PyTorch.StateDict(network).Count.Should().Be(11);
        using TensorFile file = Reopen(Keras.Weights(network, names));
        Keras.Load(loaded, file, new StateDictOptions { Modules = names });

        Bits.OfValues(loaded).Should().Equal(Bits.OfValues(network));
    }

    [Fact]
    public void Load_FromAnotherLibrarysNames_SaysWhatFits()
    {
        Network<float> network = Create(1);

        using TensorFile file = Reopen(PyTorch.StateDict(network));

        FluentActions.Invoking(() => Keras.Load(Create(2), file))
            .Should().ThrowExactly<ModelFormatException>().WithMessage("*none of its kind*");
        FluentActions.Invoking(() => Keras.Weights(new LstmLayer<float>(3, 3, options: new LstmOptions { Projection = 2 })))
            .Should().ThrowExactly<NotSupportedException>().WithMessage("*projection*");
        Refusal.Of<ArgumentException>(() => Keras.Weights(network, "a", "b"), "modules", "4 names");
    }

    private static Network<float> Create(int seed) => new(
        new EmbeddingLayer<float>(6, 3, seed),
        new BidirectionalLayer<float>(new LstmLayer<float>(3, 4, seed), new LstmLayer<float>(3, 4, seed)),
        new DenseLayer<float>(8, 2, seed));

    private static TensorFile Reopen(TensorSet tensors)
    {
        var stream = new MemoryStream();
        tensors.SaveNpz(stream);
        return TensorFile.Open(stream);
    }
}

using Lstm.Data;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Tests.Goldens;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Models;

public class EncoderDecoderTests
{
    /// <summary>
    /// Of a central difference at 1e-5: some 1e-10 of the third derivative, and 1e-11 of the loss for its rounding.
    /// </summary>
    private const double DifferenceTolerance = 1e-7;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, TorchEncoderDecoder.Cases.Count)];

    /// <summary>PyTorch runs every pair alone; here they are a batch, padded.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_TorchNetwork_GivesItsLogitsLossAndGradients(int number)
    {
        TorchEncoderDecoder golden = TorchEncoderDecoder.Cases[number];
        EncoderDecoder<double> network = golden.CreateNetwork();
        PairBatch<double> batch = golden.CreateBatch();
        SoftmaxCrossEntropy<double> loss = new();

        Sequence<double> logits = network.Forward(batch.Source, batch.Target);
        for (int b = 0; b < golden.Logits.Length; b++)
        {
            for (int t = 0; t < golden.Logits[b].Length; t++)
            {
                Close.Within(logits.At(t, b).ToArray(), golden.Logits[b][t], Tolerance.Rounding<double>());
            }
        }

        loss.Evaluate(logits, batch.Classes, batch.Weights).Should()
            .BeApproximately(golden.Loss, Tolerance.Rounding<double>());
        network.Backward(loss.Gradient);
        foreach ((Parameter<double> parameter, double[][] gradient) in network.Parameters.Zip(golden.Gradients))
        {
            Close.To(parameter.Gradient, Matrix<double>.Build.DenseOfRowArrays(gradient), parameter.ToString());
        }
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public void Backward_AnyParameter_EqualsFiniteDifferences(bool peeky, int layers)
    {
        EncoderDecoder<double> network = Create(new() { Peeky = peeky, Layers = layers });
        PairBatch<double> batch = PairBatch<double>.Of([new([0, 2], [1]), new([3, 1, 4], [2, 0])], network.Boundary);
        SoftmaxCrossEntropy<double> loss = new();
        double Loss() => loss.Evaluate(network.Forward(batch.Source, batch.Target), batch.Classes, batch.Weights);

        // Twice: the gradients of the second pass are added to those of the first.
        for (int n = 0; n < 2; n++)
        {
            Loss();
            network.Backward(loss.Gradient);
        }

        foreach (Parameter<double> parameter in network.Parameters)
        {
            double largest = parameter.Gradients.ToArray().Max(Math.Abs);
            largest.Should().BePositive();
            for (int n = 0; n < parameter.Count; n++)
            {
                const double distance = 1e-5;
                double value = parameter.Values[n];
                parameter.Values[n] = value + distance;
                double above = Loss();
                parameter.Values[n] = value - distance;
                double below = Loss();
                parameter.Values[n] = value;
                (parameter.Gradients[n] / 2).Should().BeApproximately(
                    (above - below) / (2 * distance), DifferenceTolerance * Math.Max(1, largest), "of {0} [{1}]", parameter, n);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_TargetWithAMask_GivesNothingPastItsEnd(bool peeky)
    {
        EncoderDecoder<double> network = Create(new() { Peeky = peeky });
        PairBatch<double> batch = PairBatch<double>.Of([new([0, 2], [1]), new([3, 1, 4], [2, 0])], network.Boundary);
        double[] wanted = network.Forward(batch.Source, batch.Target).At(1, 0).ToArray();
        batch.Target.Mask = StepMask.FromLengths(3, 2, 3);
        foreach (Sequence<double> logits in new[]
        {
            network.Forward(batch.Source, batch.Target), network.Infer(batch.Source, batch.Target),
        })
        {
            logits.At(2, 0).ToArray().Should().OnlyContain(logit => logit == 0);
            Close.Within(logits.At(1, 0).ToArray(), wanted, Tolerance.Rounding<double>());
        }
    }

    [Fact]
    public void Dropout_InTraining_ChangesTheLogitsAndNotTheSearch()
    {
        EncoderDecoder<double> plain = Create(new() { Layers = 2 });
        EncoderDecoder<double> dropped = Create(new() { Layers = 2, Dropout = 0.5 });
        dropped.Parameters.Should().HaveSameCount(plain.Parameters);
        foreach ((Parameter<double> one, Parameter<double> other) in plain.Parameters.Zip(dropped.Parameters))
        {
            one.Values.CopyTo(other.Values);
        }

        PairBatch<double> batch = PairBatch<double>.Of([new([0, 2, 1], [1])], plain.Boundary);

        dropped.Forward(batch.Source, batch.Target).Values.ToArray().Should()
            .NotEqual(plain.Forward(batch.Source, batch.Target).Values.ToArray());
        dropped.Search(batch.Source, 5)[0][0].LogProbability.Should().Be(plain.Search(batch.Source, 5)[0][0].LogProbability);
    }

    [Fact]
    public void Forward_WhatDoesNotFit_IsRefused()
    {
        EncoderDecoder<double> network = Create(new());
        Sequence<double> Tokens(int steps, int batch, double token = 0, int features = 1) =>
            new(steps, batch, features, [.. Enumerable.Repeat(token, steps * batch * features)]);

        Refusal.Of<ArgumentNullException>(() => network.Forward(null!, Tokens(1, 1)), "source");
        Refusal.Of<ArgumentNullException>(() => network.Forward(Tokens(1, 1), null!), "target");
        Refusal.Of<ArgumentException>(() => network.Forward(Tokens(2, 3), Tokens(2, 2)), "target", "3 sequences", "2 sequences");
        Refusal.Of<ArgumentException>(() => network.Forward(Tokens(2, 2), Tokens(2, 2, 0, 2)), "target", "one feature");
        ((Action)(() => network.Forward(Tokens(2, 2, 5), Tokens(2, 2)))).Should().Throw<ArgumentException>().WithMessage("*5*");
        ((Action)(() => network.Forward(Tokens(2, 2), Tokens(2, 2, 5)))).Should().Throw<ArgumentException>().WithMessage("*5*");
        network.Forward(Tokens(2, 2, 4), Tokens(2, 2, 4)).Features.Should().Be(5, "4 is the boundary, and a token of the source");
    }

    [Fact]
    public void Backward_WithoutForward_IsRefused() =>
        Refusal.OutOfTurn(() => Create(new()).Backward(new Sequence<double>(1, 1, 5)), "Forward");

    [Fact]
    public void Constructor_NoTokens_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new EncoderDecoder<float>(0, 1), "sourceTokens", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new EncoderDecoder<float>(1, 0), "targetTokens", "0");
    }

    [Fact]
    public void ToString_AnyNetwork_NamesItsParts() =>
        Create(new() { Peeky = true }).ToString().Should().ContainAll(
            "EncoderDecoder<Double> 5 → 4 tokens, ", "Encoder: Network<Double> 1 → 4", "Decoder: Network<Double> 7 → 4",
            "TargetEmbedding: Network<Double> 1 → 3", "Output: DenseLayer<Double> 8 → 5");

    /// <summary>5 → 4 tokens, with weights that are larger than those drawn for training, so that the state matters.</summary>
    internal static EncoderDecoder<double> Create(SequenceToSequenceOptions options, double range = 1)
    {
        var network = new EncoderDecoder<double>(5, 4, options with { EmbeddingSize = 3, HiddenUnits = 4 });
        var random = new Random(options.Seed);
        foreach (Parameter<double> parameter in network.Parameters)
        {
            Draw.Fill(random, parameter.Values, range);
        }

        return network;
    }
}

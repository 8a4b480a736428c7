using Lstm.Layers;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Tests.Optimizers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>
/// Training goes through those numbers of an embedding's gradient that a batch has touched. Against it stands the same with all
/// of them, which asking for <see cref="Parameter{T}.Gradients"/> makes it go through.
/// </summary>
public class EmbeddingTrainingTests
{
    /// <summary>Enough for several threads, neither a multiple of a block nor of a vector.</summary>
    private const int Tokens = 3001;
    private const int Size = 37;
    private const int Steps = 4;
    private const int Batch = 3;

    public static TheoryData<string, Func<Optimizer<float>>> Kinds => AdaptiveOptimizerTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_SomeTokens_EqualsGoingThroughAllToTheBit(string name, Func<Optimizer<float>> make)
    {
        (float[] weights, double[] norms) = Train(make(), threads: 1, all: true, tied: false);
        norms.Should().OnlyContain(norm => norm > 1, "gradients are clipped");
        foreach (int threads in new[] { 1, 2, 5 })
        {
            (float[] touched, double[] touchedNorms) = Train(make(), threads, all: false, tied: false);
            touched.Should().Equal(weights, "of {0} on {1} threads", name, threads);
            touchedNorms.Should().Equal(norms, "of {0} on {1} threads", name, threads);
        }
    }

    [Fact]
    public void Train_TiedWeights_EqualsGoingThroughAllToTheBit()
    {
        (float[] weights, _) = Train(new SgdOptimizer<float>(), threads: 2, all: true, tied: true);
        Train(new SgdOptimizer<float>(), threads: 2, all: false, tied: true).Weights.Should().Equal(weights);
    }

    [Fact]
    public void Train_TokensThatOccurNoMore_HaveNoGradient()
    {
        var layer = new EmbeddingLayer<double>(Tokens, Size);
        Backward(layer, 5);
        layer.ZeroGradient();
        Backward(layer, 3000);

        double[] gradients = layer.Weights.Gradients.ToArray();
        gradients[..(3000 * Size)].Should().OnlyContain(slope => slope == 0);
        gradients[(3000 * Size)..].Should().OnlyContain(slope => slope == 1);

        static void Backward(EmbeddingLayer<double> layer, int token)
        {
            layer.Forward(new Sequence<double>(1, 1, 1, [token]));
            var ones = new Sequence<double>(1, 1, Size);
            ones.Values.Fill(1);
            layer.Backward(ones);
        }
    }

    /// <summary>Steps on random tokens, and clips by a thread-shared pass, by the static call and by value.</summary>
    private static (float[] Weights, double[] Norms) Train(Optimizer<float> optimizer, int threads, bool all, bool tied)
    {
        var random = new Random(2);
        var embedding = new EmbeddingLayer<float>(Tokens, Size, seed: 1);
        var network = new Network<float>(embedding, tied ? new DenseLayer<float>(embedding) : new DenseLayer<float>(Size, 8, seed: 2));
        var pass = new GradientPass<float>();
        var norms = new List<double>();
        optimizer.Threads = threads;
        for (int step = 0; step < 4; step++)
        {
            network.ZeroGradient();
            network.Forward(new Sequence<float>(
                Steps, Batch, 1, [.. Enumerable.Range(0, Steps * Batch).Select(_ => (float)random.Next(Tokens))]));
            network.Backward(Draw.Sequence<float>(random, Steps, Batch, network.Outputs));
            if (all)
            {
                _ = embedding.Weights.Gradients;
            }

            norms.Add(GradientClipping.GlobalNorm(network.Parameters));
            norms.Add(GradientClipping.ByGlobalNorm(network.Parameters, 1.5, pass, threads));
            GradientClipping.ByValue(network.Parameters, 0.1);
            norms.Add(GradientClipping.ByGlobalNorm(network.Parameters, 1));
            optimizer.Step(network.Parameters);
        }

        return (Bits.OfValues(network), [.. norms]);
    }
}

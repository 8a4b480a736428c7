using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Metrics;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Tests.Losses;
using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Training;

public class NetworkObjectiveTests
{
    private const int Tokens = 11;

    private static readonly int[] Text = [.. Enumerable.Range(0, 101).Select(n => n * n % Tokens)];

    [Fact]
    public void Fit_CarriedState_EqualsTheLoopByHandToTheBit()
    {
        Network<float> byHand = Network();
        var loss = new SoftmaxCrossEntropy<float>();
        var optimizer = new SgdOptimizer<float>(Sgd);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            LayerState<float>? state = null;
            foreach (TokenBatch<float> chunk in TokenWindows.Streams<float>(Text, 7, 3))
            {
                byHand.ZeroGradient();
                loss.Evaluate(byHand.Forward(chunk.Inputs, state), chunk.Targets, chunk.Weights);
                byHand.Backward(loss.Gradient);
                GradientClipping.ByGlobalNorm(byHand.Parameters, 0.1);
                optimizer.Step(byHand.Parameters);
                state = byHand.FinalState;
            }
        }

        Network<float> trained = Network();
        var trainer = new Trainer<float>(
            new SgdOptimizer<float>(Sgd), new() { Epochs = 3, ClipNorm = 0.1, ValidateEverySteps = 2, RestoreBest = false });
        trainer.Fit(
            new NetworkObjective<float>(trained, new SoftmaxCrossEntropy<float>(), carryState: true),
            new TokenStreams<float>(Text, 7, 3),
            new TokenStreams<float>(Text, 5, 2));
        Bits.OfValues(trained).Should().Equal(Bits.OfValues(byHand), "validations in between change nothing");
    }

    [Fact]
    public void Train_NetworkUsedInBetween_GoesOnFromItsOwnBatch()
    {
        var source = new TokenStreams<float>(Text, 7, 3);
        LossSum[] alone = Losses(_ => { });
        Losses(network => network.Forward(source[3].Inputs)).Should().Equal(alone);
        Losses(network => network.FinalState.Reset()).Should().Equal(alone);

        LossSum[] Losses(Action<Network<float>> between)
        {
            Network<float> network = Network();
            var objective = new NetworkObjective<float>(network, new SoftmaxCrossEntropy<float>(), carryState: true);
            return [.. Enumerable.Range(0, 3).Select(n =>
            {
                LossSum loss = objective.Train(source[n]);
                between(network);
                return loss;
            })];
        }
    }

    [Fact]
    public void Evaluate_CarriedState_GivesTheLossOfTheWholeText()
    {
        // Rounding alone: the steps are the same, whether they come in one chunk or in many.
        const double tolerance = 1e-12;
        var network = new Network<double>(
            new OneHotLayer<double>(Tokens), new LstmLayer<double>(Tokens, 6, seed: 1), new DenseLayer<double>(6, Tokens, seed: 2));
        var objective = new NetworkObjective<double>(
            network, new SoftmaxCrossEntropy<double>(), new PerplexityMetric<double>(), carryState: true);
        LossSum whole = Trainer<double>.Evaluate(objective, new TokenStreams<double>(Text, 100, 1));
        LossSum parts = Trainer<double>.Evaluate(objective, new TokenStreams<double>(Text, 7, 1));
        parts.Mean.Should().BeApproximately(whole.Mean, tolerance);
        parts.Items.Should().Be(100);
        objective.Metric(parts).Should().Be(Math.Exp(parts.Mean));

        var without = new NetworkObjective<double>(network, new SoftmaxCrossEntropy<double>());
        Trainer<double>.Evaluate(without, new TokenStreams<double>(Text, 7, 1)).Mean.Should().NotBeApproximately(whole.Mean, 1e-6);
    }

    [Fact]
    public void Evaluate_LearnedInitialState_StartsFromIt()
    {
        var network = new Network<double>(
            new OneHotLayer<double>(Tokens),
            new LstmLayer<double>(Tokens, 6, seed: 1, new LstmOptions { LearnInitialState = true }),
            new DenseLayer<double>(6, Tokens, seed: 2));
        Draw.Fill(new Random(3), network.Parameters.Single(parameter => parameter.Name == "InitialHidden").Values);
        Batch<double> batch = new TokenStreams<double>(Text, 7, 3)[0];
        var carried = new NetworkObjective<double>(network, new SoftmaxCrossEntropy<double>(), carryState: true);
        var alone = new NetworkObjective<double>(network, new SoftmaxCrossEntropy<double>());
        double expected = alone.Evaluate(batch).Sum;
        for (int pass = 0; pass < 2; pass++)
        {
            carried.Start(training: false);
            carried.Evaluate(batch).Sum.Should().Be(expected);
            carried.Evaluate(batch).Sum.Should().NotBe(expected, "the second batch goes on from the first");
        }
    }

    [Fact]
    public void Train_Targets_GivesTheGradientOfTheLoss()
    {
        var layer = new DenseLayer<double>(2, 1, seed: 3);
        Sequence<double> inputs = new(1, 2, 2, [1, 2, 3, 4]);
        var objective = new NetworkObjective<double>(layer, new MeanSquaredError<double>());
        LossSum loss = objective.Train(Batch<double>.OfTargets(inputs, new(1, 2, 1, [1, -1]), new double[] { 1, 0 }));
        double error = (layer.Parameters[0].Values[0] * 1) + (layer.Parameters[0].Values[1] * 2) + layer.Parameters[1].Values[0] - 1;
        loss.Mean.Should().BeApproximately(error * error, 1e-15);
        loss.Items.Should().Be(1, "the other has the weight 0");
        layer.Parameters[0].Gradients.ToArray().Should().Equal([2 * error, 4 * error]);
    }

    [Fact]
    public void Evaluate_Accuracy_CountsWhatIsRight()
    {
        // The layer passes its input on: logits.
        var layer = new DenseLayer<double>(2, 2);
        layer.Parameters[0].Values.Clear();
        (layer.Parameters[0].Values[0], layer.Parameters[0].Values[3]) = (1, 1);
        var objective = new NetworkObjective<double>(layer, new SoftmaxCrossEntropy<double>(), new AccuracyMetric<double>());
        Batch<double> batch = Batch<double>.OfClasses(new(2, 2, 2, [1, 0, 0, 1, 5, 2, 2, 5]), new[] { 0, 0, 0, 1 });
        LossSum loss = Trainer<double>.Evaluate(objective, new BatchList<Batch<double>>([batch, batch]));
        objective.Metric(loss).Should().Be(0.75);
        objective.MetricName.Should().Be("accuracy");

        Batch<double> wrong = Batch<double>.OfClasses(batch.Inputs, new[] { 1, 0, 1, 0 });
        objective.Metric(Trainer<double>.Evaluate(objective, new BatchList<Batch<double>>([wrong]))).Should().Be(0, "it begins anew");
    }

    [Fact]
    public void Train_OnceWarm_AllocatesNothing()
    {
        var objective = new NetworkObjective<float>(Network(), new SoftmaxCrossEntropy<float>(), carryState: true);
        objective.Network.Threads = 1;
        objective.Loss.Threads = 1;
        var source = new TokenStreams<float>(Text, 7, 3);
        ThreadAllocation.OnceWarm(() =>
        {
            for (int n = 0; n < source.Count; n++)
            {
                objective.Train(source[n]);
                objective.Evaluate(source[n]);
            }
        }).Should().Be(0);
    }

    [Fact]
    public void Fit_OnceWarm_AllocatesNothingAStep()
    {
        var objective = new NetworkObjective<float>(Network(), new SoftmaxCrossEntropy<float>(), carryState: true);
        objective.Network.Threads = 1;
        objective.Loss.Threads = 1;
        var meter = new Meter();
        var trainer = new Trainer<float>(
            new AdamOptimizer<float> { Threads = 1 },
            new() { Epochs = 1, ClipNorm = 1, Averaging = new(), Schedule = new CosineSchedule() });
        trainer.Fit(objective, new TokenStreams<float>(Text, 3, 2), progress: meter);
        meter.Bytes[4..16].Distinct().Should().ContainSingle("twelve steps allocated nothing");
    }

    [Fact]
    public void Train_WhatDoesNotFit_IsRefused()
    {
        Network<float> network = Network();
        Refusal.Of<ArgumentNullException>(() => _ = new NetworkObjective<float>(null!, new MeanSquaredError<float>()), "network");
        Refusal.Of<ArgumentNullException>(() => _ = new NetworkObjective<float>(network, null!), "loss");
        Batch<float> three = new TokenStreams<float>(Text, 7, 3)[0];
        Batch<float> two = new TokenStreams<float>(Text, 7, 2)[0];
        Refusal.Of<ArgumentException>(
            () => new NetworkObjective<float>(network, new MeanSquaredError<float>()).Train(three), "batch", "MeanSquaredError");
        var carried = new NetworkObjective<float>(network, new SoftmaxCrossEntropy<float>(), carryState: true);
        carried.Train(three);
        Refusal.Of<ArgumentException>(() => carried.Train(two), "batch", "3 sequences", "2");
        carried.Start(training: true);
        carried.Train(two).Items.Should().Be(14);
    }

    private static SgdOptions Sgd => new() { LearningRate = 0.5, Momentum = 0.9, WeightDecay = 0.01 };

    private static Network<float> Network() => new(
        new OneHotLayer<float>(Tokens), new LstmLayer<float>(Tokens, 6, seed: 1), new DenseLayer<float>(6, Tokens, seed: 2));

    /// <summary>What the thread has allocated by the end of each step.</summary>
    private sealed class Meter : IProgress<TrainingProgress>
    {
        public long[] Bytes { get; } = new long[100];

        public void Report(TrainingProgress value) => Bytes[value.Step] = GC.GetAllocatedBytesForCurrentThread();
    }
}

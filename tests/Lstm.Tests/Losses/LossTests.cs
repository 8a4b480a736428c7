using System.Numerics;
using Lstm.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Losses;

/// <summary>What holds for every loss: weights, masks, reductions, the gradient's buffer, and what is refused.</summary>
public class LossTests
{
    private const int Steps = 5;
    private const int Features = 3;

    /// <summary>Ten times double's epsilon: the same terms, scaled before or after they are summed.</summary>
    private const double Rounding = 2e-15;

    public static TheoryData<Loss<double>> Losses =>
    [
        new MeanSquaredError<double>(Reduction.Mean),
        new MeanSquaredError<double>(Reduction.Sum),
        new SoftmaxCrossEntropy<double>(Reduction.Mean),
        new SoftmaxCrossEntropy<double>(Reduction.Sum),
    ];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Evaluate_Mask_EqualsDroppingTheStepsToTheBit(Loss<double> loss)
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 1);
        loss.Evaluate(predictions, targets);
        loss.Gradient.Values.ToArray().Should().NotContain(0, "it is to be overwritten with zeros below");
        predictions.At(1, 0).Fill(double.NaN);
        targets.At(1, 0).Fill(-1);
        predictions.At(4, 0).Fill(double.PositiveInfinity);

        double masked = loss.Evaluate(predictions, targets, [1, 0, 1, 1, 0]);
        double[] gradient = loss.Gradient.Values.ToArray();

        double dropped = loss.Evaluate(Pick(predictions), Pick(targets));
        masked.Should().Be(dropped);
        double[] expected = loss.Gradient.Values.ToArray();
        gradient.Should().Equal(
            [.. expected[..Features], 0, 0, 0, .. expected[Features..], 0, 0, 0]);
        gradient.Where(element => element == 0).Should().OnlyContain(element => double.IsPositive(element));

        static Sequence<double> Pick(Sequence<double> all) =>
            new(3, 1, Features, [.. all.Step(0), .. all.Step(2), .. all.Step(3)]);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Evaluate_PredictionsWithAMask_EqualsWeightsOf0ToTheBit(Loss<double> loss)
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 2);
        double[] weights = [1, 2, 3, 0, 5, 0, 0, 0, 9, 0];
        double expected = loss.Evaluate(predictions, targets, weights);
        double[] gradient = loss.Gradient.Values.ToArray();

        predictions.Mask = StepMask.FromValues(Steps, 2, [.. weights.Select(weight => weight > 0)]);
        loss.Evaluate(predictions, targets, [1, 2, 3, double.NaN, 5, -1, 7, 8, 9, 10]).Should().Be(expected);
        loss.Gradient.Values.ToArray().Should().Equal(gradient);
        loss.Gradient.Mask.Should().BeSameAs(predictions.Mask);
        loss.Evaluate(predictions, targets).Should().NotBe(expected, "the weights at valid steps count");

        predictions.Mask = StepMask.FromLengths(Steps, 0, 0);
        Refusal.Of<ArgumentException>(() => loss.Evaluate(predictions, targets), "weights", "valid step");
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Evaluate_WeightsOf1_EqualNoWeightsToTheBit(Loss<double> loss)
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 2);
        double expected = loss.Evaluate(predictions, targets);
        double[] gradient = loss.Gradient.Values.ToArray();
        loss.Evaluate(predictions, targets, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]).Should().Be(expected);
        loss.Gradient.Values.ToArray().Should().Equal(gradient);
    }

    [Fact]
    public void Evaluate_Mean_IsSumOverSumOfWeights()
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 2);
        double[] weights = [0.5, 2, 0, 1, 1, 0.25, 3, 0, 0.125, 1];
        double total = weights.Sum();
        Relate(new SoftmaxCrossEntropy<double>(Reduction.Mean), new SoftmaxCrossEntropy<double>(Reduction.Sum), total);
        Relate(new MeanSquaredError<double>(Reduction.Mean), new MeanSquaredError<double>(Reduction.Sum), total * Features);

        void Relate(Loss<double> mean, Loss<double> sum, double count)
        {
            double value = sum.Evaluate(predictions, targets, weights);
            mean.Evaluate(predictions, targets, weights).Should().BeApproximately(value / count, Rounding * value);
            for (int n = 0; n < predictions.Values.Length; n++)
            {
                mean.Gradient.Values[n].Should().BeApproximately(sum.Gradient.Values[n] / count, Rounding);
            }
        }
    }

    [Fact]
    public void Evaluate_SumOverSteps_IsSumOverSequences()
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 2);
        double[] weights = [1, 1, 0, 1, 1, 1, 1, 0, 1, 1];
        var sum = new SoftmaxCrossEntropy<double>(Reduction.Sum);
        var overSteps = new SoftmaxCrossEntropy<double>(Reduction.SumOverSteps);
        double expected = sum.Evaluate(predictions, targets, weights) / 2;
        overSteps.Evaluate(predictions, targets, weights).Should().BeApproximately(expected, Rounding * expected);
        Close.Within(
            overSteps.Gradient.Values.ToArray(), [.. sum.Gradient.Values.ToArray().Select(slope => slope / 2)], Rounding);
        overSteps.Sum.Mean.Should().BeApproximately(sum.Sum.Mean, Rounding * expected, "the mean of reports is the same");
        overSteps.ToString().Should().EndWith("sum over steps");
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Evaluate_Batch_WeighsEveryStepOfEverySequence(Loss<double> loss)
    {
        // Distinct weights find the wrong order: the sequences one by one, each with its own weights.
        (Sequence<double> predictions, Sequence<double> targets) = Data(2, 2);
        double[] weights = [1, 2, 4, 8];
        double together = loss.Evaluate(predictions, targets, weights);
        double[] alone = new double[4];
        for (int n = 0; n < 4; n++)
        {
            alone[n] = loss.Evaluate(Only(predictions, n), Only(targets, n));
        }

        double sum = alone.Zip(weights, (l, w) => l * w).Sum();
        double expected = loss.Reduction == Reduction.Mean ? sum / 15 : sum;
        together.Should().BeApproximately(expected, Rounding * Math.Max(1, expected));

        static Sequence<double> Only(Sequence<double> all, int n) => new(1, 1, Features, all.At(n / 2, n % 2).ToArray());
    }

    public static TheoryData<Loss<double>> AllLosses =>
    [
        .. Losses,
        new MeanSquaredError<double>(Reduction.SumOverSteps),
        new MeanAbsoluteError<double>(),
        new HuberLoss<double>(0.3),
        new BinaryCrossEntropy<double>() { PositiveWeights = [1, 2, 3] },
        new QuantileLoss<double>([0.1]),
        new SoftmaxCrossEntropy<double>() { LabelSmoothing = 0.1, ClassWeights = [1, 2, 3] },
        new AbsoluteError(),
    ];

    [Theory]
    [MemberData(nameof(AllLosses))]
    public void Measure_Batch_IsTheSumOfEvaluateToTheBitAndChangesNothing(Loss<double> loss)
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 2);
        double[] weights = [0.5, 2, 0, 1, 1, 0.25, 3, 0, 0.125, 1];
        predictions.Mask = StepMask.FromLengths(Steps, 5, 3);
        loss.Evaluate(predictions, targets, weights);
        LossSum expected = loss.Sum;
        expected.Items.Should().Be(7, "of the eight valid steps one has a weight of 0");
        loss.Evaluate(targets, targets);
        (LossSum before, double[] gradient, double[] given) =
            (loss.Sum, loss.Gradient.Values.ToArray(), predictions.Values.ToArray());

        loss.Measure(predictions, targets, weights).Should().Be(expected);

        loss.Sum.Should().Be(before);
        loss.Gradient.Values.ToArray().Should().Equal(gradient);
        predictions.Values.ToArray().Should().Equal(given);
        ThreadAllocation.OnceWarm(() => loss.Measure(predictions, targets, weights)).Should().Be(0);
        Refusal.Of<ArgumentException>(() => loss.Measure(predictions, new Sequence<double>(Steps, 1, Features)), "targets", "shape");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => loss.Measure(predictions, targets, [-1, .. weights[1..]]), "weights", "-1");
        predictions.At(1, 0)[0] = double.NaN;
        FluentActions.Invoking(() => loss.Measure(predictions, targets)).Should().ThrowExactly<NonFiniteLossException>();
        loss.Sum.Should().Be(before);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Evaluate_Again_GivesTheSameBitsInTheSameBuffer(Loss<double> loss)
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 2);
        double first = loss.Evaluate(predictions, targets);
        Sequence<double> gradient = loss.Gradient;
        double[] bits = gradient.Values.ToArray();
        double[] inputs = predictions.Values.ToArray();

        (Sequence<double> fewer, Sequence<double> fewerTargets) = Data(2, 1);
        loss.Evaluate(fewer, fewerTargets);
        loss.Gradient.ToString().Should().Be(fewer.ToString());

        loss.Evaluate(predictions, targets).Should().Be(first);
        loss.Gradient.Should().BeSameAs(gradient);
        gradient.Values.ToArray().Should().Equal(bits);
        predictions.Values.ToArray().Should().Equal(inputs, "predictions are not changed");
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Evaluate_AnotherNumberOfFeatures_GivesItsGradient(Loss<double> loss)
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 2);
        loss.Evaluate(predictions, targets);
        loss.Evaluate(new Sequence<double>(1, 1, 7), new Sequence<double>(1, 1, 7));
        loss.Gradient.Features.Should().Be(7);
    }

    [Fact]
    public void Evaluate_OnceWarm_AllocatesNothing()
    {
        AllocatesNothing<float>();
        AllocatesNothing<double>();

        static void AllocatesNothing<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var predictions = new Sequence<T>(7, 3, 40);
            var targets = new Sequence<T>(7, 3, 40);
            var fewer = new Sequence<T>(2, 3, 40);
            int[] classes = new int[21];
            var weights = new T[21];
            Array.Fill(weights, T.One);
            var squaredError = new MeanSquaredError<T>();
            var crossEntropy = new SoftmaxCrossEntropy<T>();
            ThreadAllocation.OnceWarm(() =>
            {
                squaredError.Evaluate(predictions, targets, weights);
                crossEntropy.Evaluate(predictions, targets);
                crossEntropy.Evaluate(fewer, classes.AsSpan(0, 6));
                crossEntropy.Evaluate(predictions, classes, weights);
            }).Should().Be(0);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Evaluate_BadInput_IsRefusedAndChangesNothing(Loss<double> loss)
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(2, 2);
        loss.Evaluate(predictions, targets);
        double[] gradient = loss.Gradient.Values.ToArray();

        Refusal.Of<ArgumentNullException>(() => loss.Evaluate(null!, targets), "predictions");
        Refusal.Of<ArgumentNullException>(() => loss.Evaluate(predictions, null!), "targets");
        foreach (var other in new[] { new Sequence<double>(3, 2, 3), new(2, 1, 3), new(2, 2, 4) })
        {
            Refusal.Of<ArgumentException>(
                () => loss.Evaluate(predictions, other), "targets", predictions.ToString(), other.ToString());
        }

        Refusal.Of<ArgumentException>(() => loss.Evaluate(predictions, targets, [1, 1, 1]), "weights", "4", "3");
        Refusal.Of<ArgumentException>(
            () => loss.Evaluate(predictions, targets, [0, 0, 0, 0]), "weights", "above 0", "0 at every");
        Refusal.Of<ArgumentException>(
            () => loss.Evaluate(predictions, targets, [double.MaxValue, double.MaxValue, 0, 0]), "weights", "finite sum");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => loss.Evaluate(predictions, targets, [1, 1, 1, -2]), "weights", "at least 0", "-2", "step 1 of sequence 1");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => loss.Evaluate(predictions, targets, [1, double.NaN, 1, 1]),
            "weights",
            "finite",
            "NaN",
            "step 0 of sequence 1");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => loss.Evaluate(predictions, targets, [1, 1, double.PositiveInfinity, 1]),
            "weights",
            "finite",
            "step 1 of sequence 0");

        loss.Gradient.Values.ToArray().Should().Equal(gradient);
    }

    [Fact]
    public void Evaluate_OverwriteWithALossThatCannot_LeavesThePredictions()
    {
        var predictions = Sequence<double>.FromArray(new double[,] { { 1 }, { 5 } });
        var loss = new AbsoluteError();
        loss.Evaluate(predictions, new Sequence<double>(2, 1, 1), overwrite: true).Should().Be(3);
        predictions.Values.ToArray().Should().Equal(1, 5);
        loss.Gradient.Values.ToArray().Should().Equal(0.5, 0.5);
    }

    [Fact]
    public void Evaluate_OverwriteSquaredError_GivesTheBitsOfAGradientApart()
    {
        (Sequence<double> predictions, Sequence<double> targets) = Data(Steps, 2);
        var loss = new MeanSquaredError<double>();
        double expected = loss.Evaluate(predictions, targets);
        double[] gradient = loss.Gradient.Values.ToArray();
        loss.Evaluate(predictions, targets, overwrite: true).Should().Be(expected);
        predictions.Values.ToArray().Should().Equal(gradient);
    }

    [Fact]
    public void Threads_BelowOne_AreRefused() =>
        Refusal.Of<ArgumentOutOfRangeException>(() => new MeanSquaredError<float>().Threads = 0, "Threads", "0");

    [Fact]
    public void Constructor_BadArguments_AreRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new MeanSquaredError<double>((Reduction)3), "reduction", "Mean, Sum, SumOverSteps", "3");
        Action half = () => new SoftmaxCrossEntropy<Half>();
        half.Should().ThrowExactly<NotSupportedException>();
    }

    [Fact]
    public void Gradient_BeforeEvaluate_IsRefused() =>
        Refusal.OutOfTurn(() => _ = new MeanSquaredError<float>().Gradient, "Evaluate");

    [Fact]
    public void Evaluate_LossOfOnesOwn_GetsStepsOfAWeightAbove0()
    {
        var loss = new AbsoluteError();
        var predictions = Sequence<double>.FromArray(new double[,] { { 1 }, { 5 }, { -2 } });
        var targets = Sequence<double>.FromArray(new double[,] { { 3 }, { double.NaN }, { -8 } });
        loss.Evaluate(predictions, targets, [1, 0, 3]).Should().Be((2 + (3 * 6)) / 4.0);
        loss.Gradient.Values.ToArray().Should().Equal(-1 / 4.0, 0, 3 / 4.0);
        loss.ToString().Should().Be("AbsoluteError<Double>, mean");
    }

    private static (Sequence<double> Predictions, Sequence<double> Targets) Data(int steps, int batch)
    {
        var random = new Random(4);
        Sequence<double> predictions = Draw.Sequence<double>(random, steps, batch, Features);
        Sequence<double> targets = Draw.Sequence<double>(random, steps, batch, Features);
        foreach (ref double target in targets.Values)
        {
            target = Math.Abs(target);
        }

        return (predictions, targets);
    }

    private sealed class AbsoluteError() : Loss<double>(Reduction.Mean)
    {
        protected override double EvaluateStep(
            ReadOnlySpan<double> prediction, ReadOnlySpan<double> target, double scale, Span<double> gradient)
        {
            double error = prediction[0] - target[0];
            gradient[0] = error < 0 ? -scale : scale;
            return Math.Abs(error);
        }
    }
}

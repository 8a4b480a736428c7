using Lstm.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Losses;

public class ElementLossTests
{
    private const int Steps = 3;
    private const int Batch = 2;
    private const int Features = 4;

    public static TheoryData<string, Func<Loss<double>>> Losses => new()
    {
        { "absolute", () => new MeanAbsoluteError<double>() },
        { "huber", () => new HuberLoss<double>(0.5) },
        { "labels", () => new BinaryCrossEntropy<double> { PositiveWeights = [0.5, 1, 2, 3] } },
        { "quantiles", () => new QuantileLoss<double>([0.2, 0.9]) },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void Gradient_RandomWeights_EqualsFiniteDifferences(string name, Func<Loss<double>> make)
    {
        var random = new Random(7);
        Loss<double> loss = make();
        Sequence<double> predictions = Draw.Sequence<double>(random, Steps, Batch, Features);
        Sequence<double> targets = new(Steps, Batch, name == "quantiles" ? Features / 2 : Features);
        foreach (ref double target in targets.Values)
        {
            target = random.NextDouble();
        }

        double[] weights = [.. Enumerable.Range(0, Steps * Batch).Select(n => n == 1 ? 0 : random.NextDouble())];
        FiniteDifferences.Check(loss, predictions, () => loss.Evaluate(predictions, targets, weights));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Evaluate_Overwriting_GivesTheSameInThePlaceOfThePredictions(string name, Func<Loss<double>> make)
    {
        Loss<double> loss = make();
        Sequence<double> predictions = Draw.Sequence<double>(new Random(8), Steps, Batch, Features);
        Sequence<double> targets = new(Steps, Batch, name == "quantiles" ? Features / 2 : Features);
        double apart = loss.Evaluate(predictions, targets);
        double[] gradient = loss.Gradient.Values.ToArray();
        loss.Evaluate(predictions, targets, overwrite: true).Should().Be(apart);
        loss.Gradient.Should().BeSameAs(predictions);
        predictions.Values.ToArray().Should().Equal(gradient);
    }

    [Fact]
    public void Evaluate_LogitsOfAnySize_NeitherOverflowNorLosePrecision()
    {
        // −log σ(x) is log(1 + exp(−x)): 1000 at x = −1000, and 2e-22 to double's precision at x = 50.
        var loss = new BinaryCrossEntropy<double>(Reduction.Sum);
        loss.Evaluate(One(-1000), One(1)).Should().Be(1000);
        loss.Gradient.Values[0].Should().Be(-1);
        loss.Evaluate(One(50), One(1)).Should().BeApproximately(Math.Exp(-50), 1e-35);
        loss.Evaluate(One(1000), One(0)).Should().Be(1000);
        loss.Gradient.Values[0].Should().Be(1);
        new BinaryCrossEntropy<float>().Evaluate(new Sequence<float>(1, 1, 1, [-200]), new Sequence<float>(1, 1, 1, [1])).Should().Be(200);
    }

    [Fact]
    public void Evaluate_Huber_IsSquaredWithinAndAbsoluteBeyond()
    {
        // δ = 2: an error of 1 costs 1/2, of 2 costs 2, of −5 costs 2·(5 − 1).
        var loss = new HuberLoss<double>(2, Reduction.Sum);
        loss.Evaluate(new(1, 1, 3, [1, 2, -5]), new(1, 1, 3)).Should().Be(0.5 + 2 + 8);
        loss.Gradient.Values.ToArray().Should().Equal(1, 2, -2);
    }

    [Fact]
    public void Evaluate_HuberByDefault_IsAbsoluteBeyond1()
    {
        // An error of 3 costs 1·(3 − 1/2), and one of −1/2 costs 1/8.
        var loss = new HuberLoss<double>(reduction: Reduction.Sum);
        loss.Evaluate(new(1, 1, 2, [3, -0.5]), new(1, 1, 2)).Should().Be(2.5 + 0.125);
        loss.Gradient.Values.ToArray().Should().Equal(1, -0.5);
    }

    [Fact]
    public void Gradient_AbsoluteErrorOfZero_IsZero()
    {
        var loss = new MeanAbsoluteError<double>(Reduction.Sum);
        loss.Evaluate(new(1, 1, 3, [2, 1, -1]), new(1, 1, 3, [2, 2, -2])).Should().Be(2);
        loss.Gradient.Values.ToArray().Should().Equal(0, -1, 1);
    }

    [Fact]
    public void Evaluate_Quantiles_CostMoreOnTheWrongSide()
    {
        // Two targets, 1 and 2, each with the quantiles 0.1 and 0.9: errors 1, −1, and 0, 2.
        var loss = new QuantileLoss<double>([0.1, 0.9], Reduction.Sum);
        loss.Evaluate(new(1, 1, 4, [0, 2, 2, 0]), new(1, 1, 2, [1, 2])).Should().BeApproximately(0.1 + 0.1 + 0 + 1.8, 1e-15);
        loss.Gradient.Values.ToArray().Should().Equal([-0.1, 1 - 0.9, 0, -0.9]);
    }

    [Fact]
    public void Evaluate_WhatCannotBe_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new HuberLoss<double>(0), "delta");
        Refusal.Of<ArgumentNullException>(() => _ = new QuantileLoss<double>(null!), "quantiles");
        Refusal.Of<ArgumentException>(() => _ = new QuantileLoss<double>([]), "quantiles");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new QuantileLoss<double>([0.5, 1]), "quantiles");
        Refusal.Of<ArgumentException>(
            () => new QuantileLoss<double>([0.1, 0.9]).Evaluate(One(1), One(1)), "predictions", "multiple of 2");
        Refusal.Of<ArgumentException>(
            () => new QuantileLoss<double>([0.1, 0.9]).Evaluate(new(1, 1, 2), new(1, 1, 2)), "targets", "1 features");
        Refusal.Of<ArgumentException>(() => _ = new BinaryCrossEntropy<double> { PositiveWeights = [] }, "PositiveWeights");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => _ = new BinaryCrossEntropy<double> { PositiveWeights = [-1] }, "PositiveWeights");
        Refusal.Of<ArgumentException>(
            () => new BinaryCrossEntropy<double> { PositiveWeights = [1, 2] }.Evaluate(One(1), One(1)), "PositiveWeights");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new BinaryCrossEntropy<double>().Evaluate(One(1), One(1.5)), "targets", "from 0 to 1");
        new MeanAbsoluteError<double>().Invoking(loss => loss.Evaluate(One(double.NaN), One(0)))
            .Should().ThrowExactly<NonFiniteLossException>();
        new QuantileLoss<double>([0.5]).Invoking(loss => loss.Evaluate(One(double.NaN), One(0)))
            .Should().ThrowExactly<NonFiniteLossException>();
        new HuberLoss<double>().Invoking(loss => loss.Evaluate(One(double.NaN), One(0)))
            .Should().ThrowExactly<NonFiniteLossException>();
    }

    private static Sequence<double> One(double value) => new(1, 1, 1, [value]);
}

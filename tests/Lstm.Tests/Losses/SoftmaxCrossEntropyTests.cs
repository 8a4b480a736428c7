using Lstm.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Losses;

public class SoftmaxCrossEntropyTests
{
    private const int Steps = 4;
    private const int Batch = 3;
    private const int Classes = 6;

    /// <summary>Ten times double's epsilon: formulas of a few operations on both sides, for numbers of about 1.</summary>
    private const double Rounding = 2e-15;

    /// <summary>Relative; a thousand times double's epsilon, for sums of 10,000 terms in another order.</summary>
    private const double ManyTerms = 2e-13;

    /// <summary>Relative; some eight times float's epsilon, for exponentials within 2 units in the last place.</summary>
    private const float FloatDigits = 1e-6f;

    private readonly Random _random = new(1);

    [Fact]
    public void Evaluate_EqualLogits_IsLogarithmOfClasses()
    {
        var loss = new SoftmaxCrossEntropy<double>();
        loss.Evaluate(new Sequence<double>(1, 1, 4), [2]).Should().BeApproximately(Math.Log(4), Rounding);
        loss.Gradient.Values.ToArray().Should().Equal(0.25, 0.25, -0.75, 0.25);
    }

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void Gradient_OfClasses_EqualsFiniteDifferences(Reduction reduction)
    {
        Sequence<double> logits = Draw.Sequence<double>(_random, Steps, Batch, Classes, range: 3);
        int[] classes = RandomClasses();
        double[] weights = RandomWeights();
        var loss = new SoftmaxCrossEntropy<double>(reduction);
        FiniteDifferences.Check(loss, logits, () => loss.Evaluate(logits, classes, weights));
    }

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void Gradient_OfDistributionsThatDoNotSumTo1_EqualsFiniteDifferences(Reduction reduction)
    {
        Sequence<double> logits = Draw.Sequence<double>(_random, Steps, Batch, Classes, range: 3);
        Sequence<double> targets = RandomTargets();
        double[] weights = RandomWeights();
        var loss = new SoftmaxCrossEntropy<double>(reduction);
        FiniteDifferences.Check(loss, logits, () => loss.Evaluate(logits, targets, weights));
    }

    [Fact]
    public void Evaluate_ManyWeightedAndSmoothedClasses_EqualsTheFormula()
    {
        // L = −Σ wₖ yₖ ln pₖ with yₖ = (1 − ε) tₖ + ε/K, and ∂L/∂xₖ = pₖ Σ wⱼ yⱼ − wₖ yₖ.
        const int many = 300;
        const double smoothing = 0.1;
        Sequence<double> logits = Draw.Sequence<double>(_random, 1, 1, many, range: 3);
        double[] targets = [.. Enumerable.Range(0, many).Select(_ => _random.NextDouble() / many)];
        double[] weights = [.. Enumerable.Range(0, many).Select(n => 0.5 + (n / (double)many))];
        double[] wanted = [.. targets.Select((t, k) => weights[k] * (((1 - smoothing) * t) + (smoothing / many)))];
        double[] powers = [.. logits.Values.ToArray().Select(Math.Exp)];
        double[] probabilities = [.. powers.Select(power => power / powers.Sum())];
        double expected = -wanted.Zip(probabilities, (y, p) => y * Math.Log(p)).Sum();

        var loss = new SoftmaxCrossEntropy<double>(Reduction.Sum) { LabelSmoothing = smoothing, ClassWeights = weights };
        loss.Evaluate(logits, new Sequence<double>(1, 1, many, targets)).Should().BeApproximately(expected, ManyTerms * expected);
        Close.Within(
            loss.Gradient.Values.ToArray(), [.. probabilities.Select((p, k) => (p * wanted.Sum()) - wanted[k])], ManyTerms);
        loss.Measure(logits, new Sequence<double>(1, 1, many, targets)).Sum.Should().BeApproximately(expected, ManyTerms * expected);
    }

    [Fact]
    public void Evaluate_OneHotDistributions_EqualClasses() =>
        Property.ForAllShapes(shape =>
        {
            var random = new Random(shape.Seed);
            Sequence<double> logits = Draw.Sequence<double>(random, shape.Steps, shape.Batch, shape.Inputs, range: 5);
            int[] classes = [.. Enumerable.Range(0, shape.Steps * shape.Batch).Select(_ => random.Next(shape.Inputs))];
            var oneHot = new Sequence<double>(shape.Steps, shape.Batch, shape.Inputs);
            for (int n = 0; n < classes.Length; n++)
            {
                oneHot[n / shape.Batch, n % shape.Batch, classes[n]] = 1;
            }

            var byClass = new SoftmaxCrossEntropy<double>();
            var byDistribution = new SoftmaxCrossEntropy<double>();
            double expected = byClass.Evaluate(logits, classes);
            byDistribution.Evaluate(logits, oneHot).Should().BeApproximately(expected, Rounding * Math.Max(1, expected));
            Close.To(byDistribution.Gradient, byClass.Gradient, "gradient");
        });

    [Fact]
    public void Gradient_OfEachStep_SumsToZeroAndLossIsNotNegative() =>
        Property.ForAllShapes(shape =>
        {
            var random = new Random(shape.Seed);
            Sequence<double> logits = Draw.Sequence<double>(random, shape.Steps, shape.Batch, shape.Inputs, range: 30);
            int[] classes = [.. Enumerable.Range(0, shape.Steps * shape.Batch).Select(_ => random.Next(shape.Inputs))];
            var loss = new SoftmaxCrossEntropy<double>(Reduction.Sum);
            loss.Evaluate(logits, classes).Should().BeGreaterThanOrEqualTo(0);
            for (int t = 0; t < shape.Steps; t++)
            {
                for (int b = 0; b < shape.Batch; b++)
                {
                    loss.Gradient.At(t, b).ToArray().Sum().Should().BeApproximately(0, 10 * Rounding, "p sums to 1");
                }
            }
        });

    [Theory]
    [InlineData(1e4f)]
    [InlineData(-1e4f)]
    public void Evaluate_LargeLogitsInFloat_DependsOnDifferencesOnly(float offset)
    {
        // Whole numbers and halves: the differences are exact in float at this offset too.
        float[] logits = [0.5f, 2, -1, 0];
        var loss = new SoftmaxCrossEntropy<float>();
        float expected = loss.Evaluate(new Sequence<float>(1, 1, 4, logits), [1]);
        float[] gradient = loss.Gradient.Values.ToArray();
        loss.Evaluate(new Sequence<float>(1, 1, 4, [.. logits.Select(x => x + offset)]), [1]).Should().Be(expected);
        loss.Gradient.Values.ToArray().Should().Equal(gradient);
    }

    [Fact]
    public void Evaluate_LogitsFarApartInFloat_IsTheirDistance()
    {
        var logits = new Sequence<float>(1, 1, 3, [1e4f, -1e4f, 0]);
        var loss = new SoftmaxCrossEntropy<float>();
        loss.Evaluate(logits, [1]).Should().Be(2e4f);
        loss.Gradient.Values.ToArray().Should().Equal(1, -1, 0);
        loss.Evaluate(logits, [0]).Should().BeApproximately(0, FloatDigits, "exp(0) may be off by a unit in its last place");
        loss.Gradient.Values.ToArray().Should().Equal(0, 0, 0);
    }

    [Fact]
    public void Evaluate_LikelyClassInFloat_KeepsItsSmallGradient()
    {
        // 1 − p = e⁻²⁰ / (1 + e⁻²⁰) = 2.06e-9 is less than float's epsilon.
        double unlikely = 1 / (1 + Math.Exp(20));
        var loss = new SoftmaxCrossEntropy<float>();
        loss.Evaluate(new Sequence<float>(1, 1, 2, [0, -20]), [1]);
        loss.Gradient[0, 0, 1].Should().BeApproximately((float)(unlikely - 1), FloatDigits);
        loss.Gradient[0, 0, 0].Should().BeApproximately(1, FloatDigits);
        loss.Evaluate(new Sequence<float>(1, 1, 2, [0, -20]), [0]);
        loss.Gradient[0, 0, 1].Should().BeApproximately((float)unlikely, (float)unlikely * FloatDigits);
    }

    [Fact]
    public void Evaluate_ExcludedClassThatIsNotWanted_CostsNothing()
    {
        double none = double.NegativeInfinity;
        var logits = new Sequence<double>(1, 1, 3, [1, none, 2]);
        var loss = new SoftmaxCrossEntropy<double>();
        double expected = Math.Log(1 + Math.Exp(1));
        double p = 1 / (1 + Math.E);

        loss.Evaluate(logits, [0]).Should().BeApproximately(expected, Rounding);
        Close.Within(loss.Gradient.Values.ToArray(), [p - 1, 0, 1 - p], Rounding);

        loss.Evaluate(logits, new Sequence<double>(1, 1, 3, [1, 0, 0])).Should().BeApproximately(expected, Rounding);
        Close.Within(loss.Gradient.Values.ToArray(), [p - 1, 0, 1 - p], Rounding);
    }

    [Fact]
    public void Evaluate_TenThousandClasses_EqualsPlainSum()
    {
        // Plain and in another order: log Σ exp(x) − x_c with the exponentials of small logits.
        const int words = 10_000;
        Sequence<double> logits = Draw.Sequence<double>(_random, 1, 2, words, range: 4);
        var loss = new SoftmaxCrossEntropy<double>(Reduction.Sum);
        double actual = loss.Evaluate(logits, [17, 9_999]);
        double expected = 0;
        for (int b = 0; b < 2; b++)
        {
            double[] x = logits.At(0, b).ToArray();
            expected += Math.Log(x.Sum(Math.Exp)) - x[b == 0 ? 17 : 9_999];
        }

        actual.Should().BeApproximately(expected, ManyTerms * expected);
        loss.Gradient[0, 0, 17].Should().BeNegative();
        loss.Gradient[0, 1, 9_999].Should().BeNegative();
    }

    [Fact]
    public void Evaluate_BadClasses_IsRefusedAndChangesNothing()
    {
        Sequence<double> logits = Draw.Sequence<double>(_random, 2, 2, Classes);
        var loss = new SoftmaxCrossEntropy<double>();
        loss.Evaluate(logits, [0, 1, 2, 3]);
        double[] gradient = loss.Gradient.Values.ToArray();

        Refusal.Of<ArgumentNullException>(() => loss.Evaluate(null!, [0]), "logits");
        Refusal.Of<ArgumentException>(() => loss.Evaluate(logits, [0, 1, 2]), "classes", "4", "3");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => loss.Evaluate(logits, [0, 1, 2, 6]), "classes", "0 to 5", "6", "step 1 of sequence 1");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => loss.Evaluate(logits, [0, 1, -1, 3]), "classes", "0 to 5", "-1", "step 1 of sequence 0");
        Refusal.Of<ArgumentException>(() => loss.Evaluate(logits, [0, 1, 2, 3], [1, 1, 1]), "weights", "4", "3");

        loss.Gradient.Values.ToArray().Should().Equal(gradient);
    }

    [Fact]
    public void Evaluate_NegativeTarget_IsRefusedAndChangesNothing()
    {
        var logits = new Sequence<double>(2, 1, 2);
        var loss = new SoftmaxCrossEntropy<double>();
        loss.Evaluate(logits, [0, 1]);
        double[] gradient = loss.Gradient.Values.ToArray();
        var targets = new Sequence<double>(2, 1, 2, [0, 1, 1.5, -0.5]);
        Refusal.Of<ArgumentOutOfRangeException>(
            () => loss.Evaluate(logits, targets), "targets", "at least 0", "-0.5", "step 1 of sequence 0");
        loss.Gradient.Values.ToArray().Should().Equal(gradient);
        loss.Evaluate(logits, targets, [1, 0]).Should().BeApproximately(Math.Log(2), Rounding, "its weight is 0");
    }

    [Fact]
    public void Evaluate_ClassOutOfRangeWhereTheWeightIsZero_IsIgnored()
    {
        var logits = new Sequence<double>(2, 1, 3);
        var loss = new SoftmaxCrossEntropy<double>();
        loss.Evaluate(logits, [1, -100], [1, 0]).Should().BeApproximately(Math.Log(3), Rounding);
        loss.Gradient.Step(1).ToArray().Should().Equal(0, 0, 0);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, true)]
    public void Evaluate_Overwrite_GivesTheBitsOfAGradientApart(double smoothing, bool weighted)
    {
        Sequence<double> logits = Draw.Sequence<double>(_random, Steps, Batch, Classes, range: 3);
        int[] classes = RandomClasses();
        double[] weights = RandomWeights();
        Sequence<double> targets = RandomTargets();
        var loss = new SoftmaxCrossEntropy<double>
        {
            LabelSmoothing = smoothing,
            ClassWeights = weighted ? [1, 0, 2, 0.5, 3, 0.25] : null,
        };

        Equal(all => loss.Evaluate(all, classes, weights), all => loss.Evaluate(all, classes, weights, overwrite: true));
        Equal(all => loss.Evaluate(all, targets, weights), all => loss.Evaluate(all, targets, weights, overwrite: true));

        void Equal(Func<Sequence<double>, double> apart, Func<Sequence<double>, double> over)
        {
            double expected = apart(logits);
            double[] gradient = loss.Gradient.Values.ToArray();
            Sequence<double> copy = logits.Clone();
            over(copy).Should().Be(expected);
            loss.Gradient.Should().BeSameAs(copy);
            copy.Values.ToArray().Should().Equal(gradient);
        }
    }

    [Fact]
    public void Evaluate_AnyNumberOfThreads_GivesTheSameBits()
    {
        // Large enough to be shared out.
        const int words = 3001;
        Sequence<float> logits = Draw.Sequence<float>(_random, 5, 7, words, range: 4);
        int[] classes = [.. Enumerable.Range(0, 35).Select(n => n * 80)];
        float[] weights = [.. Enumerable.Range(0, 35).Select(n => n % 3 / 2f)];
        var loss = new SoftmaxCrossEntropy<float> { Threads = 1 };
        float expected = loss.Evaluate(logits, classes, weights);
        float[] gradient = loss.Gradient.Values.ToArray();
        foreach (int threads in new[] { 2, 3, 8 })
        {
            loss.Threads = threads;
            loss.Evaluate(logits, classes, weights).Should().Be(expected);
            loss.Gradient.Values.ToArray().Should().Equal(gradient);
            loss.Measure(logits, classes, weights).Should().Be(loss.Sum);
        }

        ThreadAllocation.OnceWarm(() => loss.Measure(logits, classes, weights)).Should().Be(0);
        Refusal.Of<ArgumentOutOfRangeException>(() => loss.Measure(logits, [-1, .. classes[1..]]), "classes", "-1");
        Refusal.Of<ArgumentException>(() => loss.Measure(logits, classes.AsSpan(1)), "classes", "35", "34");
    }

    [Fact]
    public void LabelSmoothing_1_PullsTowardsAllClassesAlike()
    {
        var loss = new SoftmaxCrossEntropy<double> { LabelSmoothing = 1 };
        loss.Evaluate(new Sequence<double>(1, 1, 4), [2]).Should().BeApproximately(Math.Log(4), Rounding);
        loss.Gradient.Values.ToArray().Should().Equal(0, 0, 0, 0);
    }

    [Fact]
    public void ClassWeights_OfAnotherLengthOrAllZero_AreRefused()
    {
        var loss = new SoftmaxCrossEntropy<double> { ClassWeights = [1, 0, 1] };
        Refusal.Of<ArgumentException>(() => loss.Evaluate(new Sequence<double>(1, 1, 2), [0]), "ClassWeights", "2", "3");
        Refusal.Of<ArgumentException>(
            () => loss.Evaluate(new Sequence<double>(1, 1, 2), new Sequence<double>(1, 1, 2)), "ClassWeights", "2", "3");
        Refusal.Of<ArgumentException>(
            () => loss.Evaluate(new Sequence<double>(1, 1, 3), [1]), "ClassWeights", "above 0", "0 for every target");
        loss.Evaluate(new Sequence<double>(2, 1, 3), [1, 2]).Should().BeApproximately(Math.Log(3), Rounding);
        Refusal.Of<ArgumentException>(() => new SoftmaxCrossEntropy<double> { ClassWeights = [] }, "ClassWeights", "empty");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new SoftmaxCrossEntropy<double> { ClassWeights = [1, -1] }, "ClassWeights", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new SoftmaxCrossEntropy<double> { LabelSmoothing = 1.5 }, "LabelSmoothing", "1.5");
    }

    private int[] RandomClasses() => [.. Enumerable.Range(0, Steps * Batch).Select(_ => _random.Next(Classes))];

    private double[] RandomWeights() =>
        [.. Enumerable.Range(0, Steps * Batch).Select(n => n % 4 == 1 ? 0 : _random.NextDouble())];

    private Sequence<double> RandomTargets()
    {
        var targets = new Sequence<double>(Steps, Batch, Classes);
        for (int n = 0; n < targets.Values.Length; n++)
        {
            targets.Values[n] = n % 5 == 3 ? 0 : _random.NextDouble();
        }

        return targets;
    }
}

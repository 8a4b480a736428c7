using Lstm.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Losses;

public class MeanSquaredErrorTests
{
    private const int Steps = 4;
    private const int Batch = 3;
    private const int Features = 5;

    /// <summary>Relative; some eight times float's epsilon, for a result that is rounded to float once or twice.</summary>
    private const float FloatDigits = 1e-6f;

    // Two steps of two features with errors 1, −2, 3 and 0: squares 1, 4, 9, 0.
    private readonly Sequence<double> _predictions = Sequence<double>.FromArray(new double[,] { { 2, 0 }, { 4, 7 } });
    private readonly Sequence<double> _targets = Sequence<double>.FromArray(new double[,] { { 1, 2 }, { 1, 7 } });

    [Fact]
    public void Evaluate_Mean_IsMeanOverStepsAndFeatures()
    {
        var loss = new MeanSquaredError<double>();
        loss.Evaluate(_predictions, _targets).Should().Be(14 / 4.0);
        loss.Gradient.Values.ToArray().Should().Equal(2 * 1 / 4.0, 2 * -2 / 4.0, 2 * 3 / 4.0, 0);
    }

    [Fact]
    public void Evaluate_Sum_IsSumOverStepsAndFeatures()
    {
        var loss = new MeanSquaredError<double>(Reduction.Sum);
        loss.Evaluate(_predictions, _targets).Should().Be(14);
        loss.Gradient.Values.ToArray().Should().Equal(2, -4, 6, 0);
    }

    [Fact]
    public void Evaluate_WeightedMean_DividesByWeightsAndFeatures()
    {
        // (3·(1 + 4) + 1·9) / (2·(3 + 1)) = 3; the gradients are 2·w·error / 8.
        var loss = new MeanSquaredError<double>();
        loss.Evaluate(_predictions, _targets, [3, 1]).Should().Be(3);
        loss.Gradient.Values.ToArray().Should().Equal(6 / 8.0, -12 / 8.0, 6 / 8.0, 0);
    }

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void Gradient_RandomWeights_EqualsFiniteDifferences(Reduction reduction)
    {
        var random = new Random(1);
        Sequence<double> predictions = Draw.Sequence<double>(random, Steps, Batch, Features);
        Sequence<double> targets = Draw.Sequence<double>(random, Steps, Batch, Features);
        double[] weights = [.. Enumerable.Range(0, Steps * Batch).Select(n => n % 4 == 1 ? 0 : random.NextDouble())];
        var loss = new MeanSquaredError<double>(reduction);
        FiniteDifferences.Check(loss, predictions, () => loss.Evaluate(predictions, targets, weights));
    }

    [Fact]
    public void Evaluate_FloatWithLargeErrors_SumsInDouble()
    {
        // Each square is 1e40, more than a float can hold; their weighted mean is not.
        var predictions = Sequence<float>.FromArray(new[,] { { 1e20f }, { 0f } });
        var loss = new MeanSquaredError<float>();
        float value = loss.Evaluate(predictions, new Sequence<float>(2, 1, 1), [1e-4f, 0.9999f]);
        value.Should().BeApproximately(1e36f, 1e36f * FloatDigits);
    }

    [Fact]
    public void Evaluate_ManySmallTermsInFloat_AreNotLost()
    {
        // One square of 1 and 100,000 of 1e-8: a sum taken in float would stay at 1.
        const int small = 100_000;
        var predictions = new Sequence<float>(small + 1, 1, 1);
        predictions.Values.Fill(1e-4f);
        predictions[0, 0, 0] = 1;
        var loss = new MeanSquaredError<float>(Reduction.Sum);
        loss.Evaluate(predictions, new Sequence<float>(small + 1, 1, 1)).Should().BeApproximately(1.001f, FloatDigits);
    }

    [Fact]
    public void ToString_OfMean_SaysWhatItIs() =>
        new MeanSquaredError<float>().ToString().Should().Be("MeanSquaredError<Single>, mean");
}

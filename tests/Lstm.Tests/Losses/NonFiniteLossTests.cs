using Lstm.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Losses;

/// <summary>A loss that becomes NaN or infinite is an error that says where, and gives no gradient.</summary>
public class NonFiniteLossTests
{
    /// <summary>Five times double's epsilon, and eight times float's: a result of a few operations.</summary>
    private const double DoubleDigits = 1e-15;
    private const float FloatDigits = 1e-6f;

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Evaluate_BadLogit_SaysTheStepAndGivesNoGradient(double logit)
    {
        var logits = new Sequence<double>(4, 3, 5);
        var loss = new SoftmaxCrossEntropy<double>();
        int[] classes = new int[12];
        loss.Evaluate(logits, classes);
        logits[2, 1, 4] = logit;
        logits[3, 0, 0] = logit;

        Fails(() => loss.Evaluate(logits, classes), 2, 1);
        Refusal.OutOfTurn(() => _ = loss.Gradient, "finite");
        Fails(() => loss.Evaluate(logits, new Sequence<double>(4, 3, 5, [.. Enumerable.Repeat(0.2, 60)])), 2, 1);

        logits.Values.Clear();
        loss.Evaluate(logits, classes).Should().BeApproximately(Math.Log(5), 2 * DoubleDigits);
        loss.Gradient.Values[1].Should().BeApproximately(0.2 / 12, DoubleDigits);
    }

    [Fact]
    public void Evaluate_WantedClassIsExcluded_Fails()
    {
        double none = double.NegativeInfinity;
        var logits = new Sequence<double>(2, 1, 2, [0, 0, 0, none]);
        var loss = new SoftmaxCrossEntropy<double>();
        loss.Evaluate(logits, [1, 0]).Should().BePositive();
        Fails(() => loss.Evaluate(logits, [1, 1]), 1, 0);
        Fails(() => loss.Evaluate(logits, new Sequence<double>(2, 1, 2, [1, 0, 0.5, 0.5])), 1, 0);
    }

    [Fact]
    public void Evaluate_AllClassesAreExcluded_Fails()
    {
        var logits = new Sequence<float>(1, 2, 2, [0, 0, float.NegativeInfinity, float.NegativeInfinity]);
        Fails(() => new SoftmaxCrossEntropy<float>().Evaluate(logits, [0, 0]), 0, 1);
    }

    [Fact]
    public void Evaluate_BadTarget_Fails()
    {
        var targets = new Sequence<double>(2, 1, 2, [1, 0, double.NaN, 1]);
        var predictions = new Sequence<double>(2, 1, 2);
        Fails(() => new SoftmaxCrossEntropy<double>().Evaluate(predictions, targets), 1, 0);
        Fails(() => new MeanSquaredError<double>().Evaluate(predictions, targets), 1, 0);
    }

    [Fact]
    public void Evaluate_MoreThanFloatCanHold_FailsWhereTheSumGetsTooLarge()
    {
        // Squares of 1e38, 1e38, 1e38 and 1e38: the fourth takes the sum above 3.4e38.
        var predictions = new Sequence<float>(2, 2, 1, [1e19f, 1e19f, 1e19f, 1e19f]);
        var targets = new Sequence<float>(2, 2, 1);
        Fails(() => new MeanSquaredError<float>(Reduction.Sum).Evaluate(predictions, targets), 1, 1);
        float mean = new MeanSquaredError<float>(Reduction.Mean).Evaluate(predictions, targets);
        mean.Should().BeApproximately(1e38f, 1e38f * FloatDigits);
    }

    [Fact]
    public void Constructors_OfTheException_KeepWhatTheyAreGiven()
    {
        new NonFiniteLossException().Should().Match<NonFiniteLossException>(e => e.Step == -1 && e.Sequence == -1);
        var inner = new InvalidOperationException();
        new NonFiniteLossException("why", inner).Should().Match<NonFiniteLossException>(
            e => e.Message == "why" && e.InnerException == inner);
    }

    private static void Fails(Action call, int step, int sequence)
    {
        NonFiniteLossException exception = call.Should().ThrowExactly<NonFiniteLossException>().Which;
        exception.Step.Should().Be(step);
        exception.Sequence.Should().Be(sequence);
        exception.Message.Should().Contain($"step {step} of sequence {sequence}");
        exception.Should().BeAssignableTo<ArithmeticException>();
    }
}

using Lstm.Optimizers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class OptimizerTests
{
    [Fact]
    public void Step_BadList_IsRefusedAndChangesNothing()
    {
        var optimizer = new SgdOptimizer<double>(new() { LearningRate = 0.5, Momentum = 0.5 });
        Parameter<double> a = Parameters.Of([1.0], [1]);
        Parameter<double> b = Parameters.Of([2.0], [1]);

        Refusal.Of<ArgumentNullException>(() => optimizer.Step(null!), "parameters");
        Refusal.Of<ArgumentNullException>(() => optimizer.Step([a, b, null!]), "parameters", "parameters[2] is null");
        Refusal.Of<ArgumentException>(
            () => optimizer.Step([a, b, a]), "parameters", "different", "Weights 1 × 1", "at 0 and at 2");
        a.Values[0].Should().Be(1);
        b.Values[0].Should().Be(2);

        // The first step that counts starts from rest.
        optimizer.Step([a, b]);
        a.Values[0].Should().Be(0.5);
        b.Values[0].Should().Be(1.5);
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void LearningRate_BadValue_IsRefusedAndChangesNothing(double value)
    {
        var optimizer = new SgdOptimizer<double>(new() { LearningRate = 0.25 });
        Refusal.Of<ArgumentOutOfRangeException>(
            () => optimizer.LearningRate = value, "LearningRate", "at least 0", $"is {value}");
        optimizer.LearningRate.Should().Be(0.25);
        Refusal.Of<ArgumentOutOfRangeException>(() => new SignOptimizer(value), "LearningRate", $"is {value}");
    }

    [Fact]
    public void Step_LearningRateOfZero_ChangesNothing()
    {
        Parameter<double> parameter = Parameters.Of([1.0, -2], [3, 4]);
        new SgdOptimizer<double>(new() { LearningRate = 0 }).Step([parameter]);
        parameter.Values.ToArray().Should().Equal(1, -2);
    }

    [Fact]
    public void Restore_OverStepsTaken_ForgetsThem()
    {
        // Of momentum 1/2: a first step moves by the gradient, a second one by 1 1/2 times as much.
        var optimizer = new SgdOptimizer<double>(new() { LearningRate = 1, Momentum = 0.5 });
        Parameter<double> parameter = Parameters.Of([0.0], [-1]);
        var atRest = new Snapshot<double>();
        optimizer.Save([parameter], atRest);
        optimizer.Step([parameter]);
        var moving = new Snapshot<double>();
        optimizer.Save([parameter], moving);

        optimizer.Restore([parameter], atRest);
        optimizer.Step([parameter]);
        parameter.Values[0].Should().Be(1 + 1);
        optimizer.Restore([parameter], moving);
        optimizer.Step([parameter]);
        parameter.Values[0].Should().Be(2 + 1.5);
    }

    [Fact]
    public void Step_EmptyList_DoesNothing() =>
        new Action(() => new SgdOptimizer<double>().Step([])).Should().NotThrow();

    [Fact]
    public void Constructor_ElementTypeIsNeitherFloatNorDouble_IsRefused() =>
        new Action(() => _ = new SgdOptimizer<Half>()).Should().ThrowExactly<NotSupportedException>();

    [Fact]
    public void Step_OptimizerOfOnesOwn_GetsEveryParameter()
    {
        Parameter<double> a = Parameters.Of([1.0, 1], [3, -4]);
        Parameter<double> b = Parameters.Of([2.0], [0.1]);
        new SignOptimizer(0.5).Step([a, b]);
        a.Values.ToArray().Should().Equal(0.5, 1.5);
        b.Values.ToArray().Should().Equal(1.5);
    }

    private sealed class SignOptimizer(double learningRate) : Optimizer<double>(learningRate)
    {
        protected override void Update(Parameter<double> parameter)
        {
            for (int n = 0; n < parameter.Count; n++)
            {
                parameter.Values[n] -= LearningRate * Math.Sign(parameter.Gradients[n]);
            }
        }
    }
}

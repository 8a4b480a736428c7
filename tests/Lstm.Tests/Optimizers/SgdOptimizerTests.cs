using System.Numerics;
using Lstm.Optimizers;
using Lstm.Tests.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class SgdOptimizerTests
{
    /// <summary>Ten times double's epsilon: a few operations on numbers of about 1, in another order.</summary>
    private const double Rounding = 2e-15;

    /// <summary>Some seventeen times float's epsilon, for the same after three steps.</summary>
    private const double FloatRounding = 2e-6;

    private static readonly SgdOptions Everything = new()
    {
        LearningRate = 0.1,
        Momentum = 0.9,
        WeightDecay = 0.01,
        Nesterov = true,
    };

    // η = 0.5, μ = 0.5 and gradients of 1 and 1 from w = 1. Plain momentum: v = −0.5, w = 0.5; v = −0.75, w = −0.25.
    // Nesterov: v = −0.5, w = 1 + (−0.25 − 0.5) = 0.25; v = −0.75, w = 0.25 + (−0.375 − 0.5) = −0.625.
    // Without momentum: w = 0.5; w = 0. All of it is exact in binary.
    [Theory]
    [InlineData(0, false, 0.5, 0)]
    [InlineData(0.5, false, 0.5, -0.25)]
    [InlineData(0.5, true, 0.25, -0.625)]
    public void Step_TwiceWithoutDecay_EqualsNumbersByHand(double momentum, bool nesterov, double once, double twice)
    {
        var optimizer = new SgdOptimizer<double>(new() { LearningRate = 0.5, Momentum = momentum, Nesterov = nesterov });
        Parameter<double> parameter = Parameters.Of([1.0], [1]);
        optimizer.Step([parameter]);
        parameter.Values[0].Should().Be(once);
        optimizer.Step([parameter]);
        parameter.Values[0].Should().Be(twice);
        parameter.Gradients[0].Should().Be(1, "a step leaves the gradient as it is");
    }

    [Fact]
    public void Step_WithDecay_SparesBiases()
    {
        // η = 0.5, λ = 0.25, w = 2, ∇ = 1: g = 1 + 0.5, w = 2 − 0.75 = 1.25; without decay 2 − 0.5 = 1.5.
        var optimizer = new SgdOptimizer<double>(new() { LearningRate = 0.5, WeightDecay = 0.25 });
        Parameter<double> weight = Parameters.Of([2.0], [1]);
        Parameter<double> bias = Parameters.Of([2.0], [1], decays: false);
        optimizer.Step([weight, bias]);
        weight.Values[0].Should().Be(1.25);
        bias.Values[0].Should().Be(1.5);
    }

    [Fact]
    public void Step_CasesOfTorch_EqualsItsWeights()
    {
        TorchSgd.Cases.Should().HaveCount(6);
        foreach (TorchSgd golden in TorchSgd.Cases)
        {
            var optimizer = new SgdOptimizer<double>(golden.Options);
            Parameter<double> weight = Parameters.Of(golden.Weight, golden.Weight);
            Parameter<double> bias = Parameters.Of(golden.Bias, golden.Bias, decays: false);
            foreach (TorchSgd.Step step in golden.Steps)
            {
                step.WeightGradient.CopyTo(weight.Gradients);
                step.BiasGradient.CopyTo(bias.Gradients);
                optimizer.Step([weight, bias]);
                Close.Within(weight.Values.ToArray(), step.Weight, Rounding);
                Close.Within(bias.Values.ToArray(), step.Bias, Rounding);
            }
        }
    }

    [Fact]
    public void Step_AnyNumberOfElements_EqualsElementByElement()
    {
        Compare<double>(Rounding);
        Compare<float>(FloatRounding);

        static void Compare<T>(double rounding)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Property.ForAllShapes(shape =>
            {
                var random = new Random(shape.Seed);
                var options = new SgdOptions
                {
                    LearningRate = random.NextDouble(),
                    Momentum = random.Next(3) == 0 ? 0 : 0.01 + (0.9 * random.NextDouble()),
                    WeightDecay = random.Next(2) * random.NextDouble(),
                };
                options = options with { Nesterov = options.Momentum > 0 && random.Next(2) == 0 };
                var optimizer = new SgdOptimizer<T>(options);
                var parameter = new Parameter<T>("Weights", shape.Inputs, shape.Batch, decays: random.Next(2) == 0);
                Draw.Fill(random, parameter.Values);
                double[] w = [.. parameter.Values.ToArray().Select(double.CreateChecked)];
                double[] v = new double[w.Length];
                for (int step = 0; step < 3; step++)
                {
                    Draw.Fill(random, parameter.Gradients);
                    optimizer.Step([parameter]);
                    for (int n = 0; n < w.Length; n++)
                    {
                        double decay = parameter.Decays ? options.WeightDecay : 0;
                        double g = double.CreateChecked(parameter.Gradients[n]) + (decay * w[n]);
                        v[n] = (options.Momentum * v[n]) - (options.LearningRate * g);
                        w[n] += options.Nesterov ? (options.Momentum * v[n]) - (options.LearningRate * g) : v[n];
                        double.CreateChecked(parameter.Values[n]).Should().BeApproximately(w[n], rounding);
                    }
                }
            });
    }

    [Fact]
    public void Step_TwoParameters_HaveVelocitiesOfTheirOwn()
    {
        // The same parameters in another order, and one of them alone, move as they would have on their own.
        var together = new SgdOptimizer<double>(new() { LearningRate = 0.1, Momentum = 0.9 });
        Parameter<double> a = Parameters.Of([1.0, 2], [1, -1]);
        Parameter<double> b = Parameters.Of([1.0, 2], [-3, 5]);
        together.Step([a, b]);
        together.Step([b, a]);
        together.Step([b]);

        Parameter<double> a2 = Parameters.Of([1.0, 2], [1, -1]);
        Parameter<double> b2 = Parameters.Of([1.0, 2], [-3, 5]);
        StepAlone(a2, 2);
        StepAlone(b2, 3);
        a.Values.ToArray().Should().Equal(a2.Values.ToArray());
        b.Values.ToArray().Should().Equal(b2.Values.ToArray());

        static void StepAlone(Parameter<double> parameter, int steps)
        {
            var alone = new SgdOptimizer<double>(new() { LearningRate = 0.1, Momentum = 0.9 });
            for (int n = 0; n < steps; n++)
            {
                alone.Step([parameter]);
            }
        }
    }

    [Fact]
    public void Step_TwoOptimizers_ShareNothing()
    {
        // η = 0.5, μ = 0.5: a first step of another optimizer starts from rest, w = −0.25 − 0.5.
        var options = new SgdOptions { LearningRate = 0.5, Momentum = 0.5 };
        Parameter<double> parameter = Parameters.Of([1.0], [1]);
        var first = new SgdOptimizer<double>(options);
        first.Step([parameter]);
        first.Step([parameter]);
        new SgdOptimizer<double>(options).Step([parameter]);
        parameter.Values[0].Should().Be(-0.75);
    }

    [Fact]
    public void Step_AfterTheLearningRateChanged_KeepsTheVelocity()
    {
        // v = −0.5, w = 0.5; then η = 0.25: v = 0.5·(−0.5) − 0.25 = −0.5, w = 0.
        var optimizer = new SgdOptimizer<double>(new() { LearningRate = 0.5, Momentum = 0.5 });
        Parameter<double> parameter = Parameters.Of([1.0], [1]);
        optimizer.Step([parameter]);
        optimizer.LearningRate = 0.25;
        optimizer.Step([parameter]);
        parameter.Values[0].Should().Be(0);
        optimizer.Options.LearningRate.Should().Be(0.5, "the options are what it was made with");
    }

    [Fact]
    public void Step_SameGradients_GivesTheSameBits()
    {
        Run().Should().Equal(Run());

        static float[] Run()
        {
            var random = new Random(8);
            var parameter = new Parameter<float>("Weights", 37, 11);
            Draw.Fill(random, parameter.Values);
            var optimizer = new SgdOptimizer<float>(Everything);
            for (int step = 0; step < 5; step++)
            {
                Draw.Fill(random, parameter.Gradients);
                optimizer.Step([parameter]);
            }

            return parameter.Values.ToArray();
        }
    }

    [Fact]
    public void Step_OnceWarm_AllocatesNothing()
    {
        var optimizer = new SgdOptimizer<float>(Everything);
        Parameter<float>[] array = [new("A", 13, 7), new("B", 13, 1, decays: false)];
        List<Parameter<float>> list = [.. array];
        ThreadAllocation.OnceWarm(() =>
        {
            optimizer.Step(array);
            optimizer.Step(list);
        }).Should().Be(0);
    }

    [Fact]
    public void ToString_WithAllOptions_SaysThem() =>
        new SgdOptimizer<float>(new() { LearningRate = 1, Momentum = 0.5, WeightDecay = 0.25, Nesterov = true }).ToString()
            .Should().MatchRegex(@"^SgdOptimizer<Single>, learning rate 1, momentum 0\D5, weight decay 0\D25, Nesterov$");
}

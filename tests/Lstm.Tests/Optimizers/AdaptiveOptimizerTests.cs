using Lstm.Optimizers;
using Lstm.Tests.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class AdaptiveOptimizerTests
{
    /// <summary>
    /// Some hundred times double's epsilon: a dozen operations a step on numbers of about 1, in another order, and a division
    /// by a root that may be ten times smaller than the gradient.
    /// </summary>
    private const double Rounding = 2e-14;

    /// <summary>The same in float, over as many steps.</summary>
    private const double FloatRounding = 1e-5;

    public static TheoryData<string, Func<Optimizer<float>>> Kinds => new()
    {
        { "plain", () => new SgdOptimizer<float>() },
        { "decay", () => new SgdOptimizer<float>(new() { WeightDecay = 0.01 }) },
        { "momentum", () => new SgdOptimizer<float>(new() { Momentum = 0.9 }) },
        { "momentum and decay", () => new SgdOptimizer<float>(new() { Momentum = 0.9, WeightDecay = 0.01 }) },
        { "Adam", () => new AdamOptimizer<float>(new() { WeightDecay = 0.01 }) },
        { "AdamW", () => new AdamWOptimizer<float>() },
        { "RMSprop", () => new RmsPropOptimizer<float>(new() { Momentum = 0.9, Centered = true, WeightDecay = 0.01 }) },
    };

    [Fact]
    public void Step_CasesOfTorch_EqualsItsWeights()
    {
        TorchOptimizers.Cases.Should().HaveCount(9);
        foreach (TorchOptimizers golden in TorchOptimizers.Cases)
        {
            Optimizer<double> optimizer = golden.Make();
            optimizer.LearningRate.Should().Be(golden.LearningRate);
            Parameter<double> weight = Parameters.Of(golden.Weight, golden.Weight);
            Parameter<double> bias = Parameters.Of(golden.Bias, golden.Bias, decays: false);
            foreach (TorchOptimizers.Step step in golden.Steps)
            {
                step.WeightGradient.CopyTo(weight.Gradients);
                step.BiasGradient.CopyTo(bias.Gradients);
                optimizer.Step([weight, bias]);
                Close.Within(weight.Values.ToArray(), step.Weight, Rounding);
                Close.Within(bias.Values.ToArray(), step.Bias, Rounding);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Restore_InTheMiddle_GoesOnToTheBit(string name, Func<Optimizer<float>> make)
    {
        Optimizer<float> whole = make();
        Parameter<float>[] parameters = Random(1);
        Steps(whole, parameters, 3, seed: 1);
        Parameter<float>[] copies = Random(1);
        for (int n = 0; n < parameters.Length; n++)
        {
            parameters[n].Values.CopyTo(copies[n].Values);
        }

        var snapshot = new Snapshot<float>();
        whole.LearningRate = 0.5;
        whole.Save(parameters, snapshot);
        Optimizer<float> resumed = make();
        Steps(resumed, Random(2), 2, seed: 3);
        resumed.Restore(copies, snapshot);
        Steps(whole, parameters, 3, seed: 2);
        Steps(resumed, copies, 3, seed: 2);
        copies.SelectMany(p => p.Values.ToArray()).Should().Equal(parameters.SelectMany(p => p.Values.ToArray()), "of {0}", name);
        resumed.LearningRate.Should().Be(0.5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_OnceWarm_AllocatesNothing(string name, Func<Optimizer<float>> make)
    {
        Optimizer<float> optimizer = make();
        Parameter<float>[] parameters = Random(1);
        ThreadAllocation.OnceWarm(() => optimizer.Step(parameters)).Should().Be(0, "of {0}", name);
    }

    [Fact]
    public void Step_Float_FollowsDouble()
    {
        var single = new AdamOptimizer<float>();
        var wide = new AdamOptimizer<double>();
        var random = new Random(4);
        var parameter = new Parameter<float>("Weights", 7, 3);
        var other = new Parameter<double>("Weights", 7, 3);
        for (int step = 0; step < 5; step++)
        {
            Draw.Fill(random, parameter.Gradients);
            for (int n = 0; n < parameter.Count; n++)
            {
                other.Gradients[n] = parameter.Gradients[n];
            }

            single.Step([parameter]);
            wide.Step([other]);
        }

        for (int n = 0; n < parameter.Count; n++)
        {
            ((double)parameter.Values[n]).Should().BeApproximately(other.Values[n], FloatRounding);
        }
    }

    [Fact]
    public void Restore_OfAnotherKindOrShape_IsRefusedAndChangesNothing()
    {
        var adam = new AdamOptimizer<double>();
        Parameter<double> parameter = Parameters.Of([1.0, 2], [1, -1]);
        adam.Step([parameter]);
        var snapshot = new Snapshot<double>();
        adam.Save([parameter], snapshot);
        Fails(() => new AdamWOptimizer<double>().Restore([parameter], snapshot), "AdamOptimizer", "AdamWOptimizer");
        Fails(() => adam.Restore([Parameters.Of([1.0], [1])], snapshot), "0.mean", "1", "2");
        Fails(() => adam.Restore([parameter], new Snapshot<double>()), "kind");
        snapshot.SetNumbers("0.steps", 0.5);
        Fails(() => adam.Restore([parameter], snapshot), "0.steps");

        static void Fails(Action restore, params string[] words)
        {
            string message = restore.Should().ThrowExactly<InvalidDataException>().Which.Message;
            words.Should().AllSatisfy(word => message.Should().Contain(word));
        }
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new AdamOptions { LearningRate = -1 }, "LearningRate");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new AdamOptions { Beta1 = 1 }, "Beta1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new AdamOptions { Beta2 = -0.1 }, "Beta2");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new AdamOptions { Epsilon = 0 }, "Epsilon");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new AdamWOptions { WeightDecay = double.NaN }, "WeightDecay");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new RmsPropOptions { LearningRate = double.NaN }, "LearningRate");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new RmsPropOptions { Smoothing = 1 }, "Smoothing");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new RmsPropOptions { Momentum = 1 }, "Momentum");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new RmsPropOptions { Epsilon = -1 }, "Epsilon");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new RmsPropOptions { WeightDecay = -1 }, "WeightDecay");
    }

    [Fact]
    public void ToString_SaysWhatItIs()
    {
        new AdamWOptimizer<float>(new() { LearningRate = 1, WeightDecay = 2 }).ToString()
            .Should().MatchRegex(@"^AdamWOptimizer<Single>, learning rate 1, betas 0\D9 and 0\D999, weight decay 2$");
        new RmsPropOptimizer<double>(new() { LearningRate = 1, Centered = true }).ToString()
            .Should().MatchRegex(@"^RmsPropOptimizer<Double>, learning rate 1, smoothing 0\D99, momentum 0, weight decay 0, centered$");
    }

    private static Parameter<float>[] Random(int seed)
    {
        var random = new Random(seed);
        Parameter<float>[] parameters = [new("A", 13, 7), new("B", 13, 1, decays: false)];
        foreach (Parameter<float> parameter in parameters)
        {
            Draw.Fill(random, parameter.Values);
        }

        return parameters;
    }

    private static void Steps(Optimizer<float> optimizer, Parameter<float>[] parameters, int steps, int seed)
    {
        var random = new Random(seed);
        for (int step = 0; step < steps; step++)
        {
            foreach (Parameter<float> parameter in parameters)
            {
                Draw.Fill(random, parameter.Gradients);
            }

            optimizer.Step(parameters);
        }
    }
}

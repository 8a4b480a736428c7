using Lstm.Optimizers;
using Lstm.Tests.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class OptimizerThreadTests
{
    /// <summary>Enough elements for several threads, and neither a multiple of a vector nor of a block.</summary>
    private const int Rows = 211;
    private const int Columns = 307;

    public static TheoryData<string, Func<Optimizer<float>>> Kinds => AdaptiveOptimizerTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_AnyThreads_GivesTheSameBits(string name, Func<Optimizer<float>> make)
    {
        float[] alone = Run(1);
        Run(2).Should().Equal(alone, "of {0}", name);
        Run(5).Should().Equal(alone, "of {0}", name);

        float[] Run(int threads)
        {
            var random = new Random(1);
            Optimizer<float> optimizer = make();
            optimizer.Threads = threads;
            var parameter = new Parameter<float>("Weights", Rows, Columns);
            Draw.Fill(random, parameter.Values);
            for (int step = 0; step < 3; step++)
            {
                Draw.Fill(random, parameter.Gradients);
                optimizer.Step([parameter]);
            }

            return parameter.Values.ToArray();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void ByGlobalNorm_AnyThreads_EqualsTheStaticOneToTheBit(int threads)
    {
        Parameter<float>[] parameters = Random();
        double norm = GradientClipping.ByGlobalNorm(parameters, 0.5);
        Parameter<float>[] shared = Random();
        var pass = new GradientPass<float>();
        GradientClipping.ByGlobalNorm(shared, 0.5, pass, threads).Should().Be(norm);
        shared.SelectMany(p => p.Gradients.ToArray()).Should().Equal(parameters.SelectMany(p => p.Gradients.ToArray()));
        ThreadAllocation.OnceWarm(() => GradientClipping.ByGlobalNorm(shared, 0.5, pass, threads)).Should().Be(0);
        shared[1].Gradients[70] = float.NaN;
        FluentActions.Invoking(() => GradientClipping.ByGlobalNorm(shared, 0.5, pass, threads))
            .Should().ThrowExactly<ArithmeticException>().WithMessage("*B 1000 × 1*row 70*");
    }

    [Fact]
    public void Threads_BelowOne_AreRefused() =>
        Refusal.Of<ArgumentOutOfRangeException>(() => new AdamOptimizer<float>().Threads = 0, "Threads");

    private static Parameter<float>[] Random()
    {
        var random = new Random(2);
        Parameter<float>[] parameters = [new("A", Rows, Columns), new("B", 1000, 1), new("C", 1, 1)];
        foreach (Parameter<float> parameter in parameters)
        {
            Draw.Fill(random, parameter.Gradients);
        }

        return parameters;
    }
}

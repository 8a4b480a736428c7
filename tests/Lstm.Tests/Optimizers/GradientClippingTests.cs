using System.Numerics;
using Lstm.Optimizers;
using Lstm.Tests.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class GradientClippingTests
{
    /// <summary>Relative; some fifty times double's epsilon, for sums of up to 1,500 squares in another order.</summary>
    private const double Rounding = 1e-14;

    /// <summary>Relative; some eight times float's epsilon: only the scale and the product are rounded to float.</summary>
    private const double FloatRounding = 1e-6;

    [Fact]
    public void ByGlobalNorm_AboveTheMaximum_ScalesAllGradients()
    {
        // √(3² + 4² + 12²) = 13, to 6.5: everything is halved.
        Parameter<double> a = Parameters.Of([7.0, 7], [3, -4]);
        Parameter<double> b = Parameters.Of([7.0], [12]);
        GradientClipping.GlobalNorm([a, b]).Should().Be(13);
        GradientClipping.ByGlobalNorm([a, b], 6.5).Should().Be(13);
        a.Gradients.ToArray().Should().Equal(1.5, -2);
        b.Gradients.ToArray().Should().Equal(6);
        a.Values.ToArray().Should().Equal(7, 7);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(1000)]
    public void ByGlobalNorm_NotAboveTheMaximum_ChangesNothing(double maximum)
    {
        Parameter<double> parameter = Parameters.Of([0.0, 0, 0], [3, -4, 12]);
        GradientClipping.ByGlobalNorm([parameter], maximum).Should().Be(13);
        parameter.Gradients.ToArray().Should().Equal(3, -4, 12);
    }

    [Fact]
    public void ByGlobalNorm_AnyShape_KeepsTheDirection()
    {
        Check<double>(Rounding);
        Check<float>(FloatRounding);

        static void Check<T>(double rounding)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Property.ForAllShapes(shape =>
            {
                var random = new Random(shape.Seed);
                Parameter<T>[] parameters =
                [
                    new("A", shape.Units, shape.Inputs), new("B", shape.Units, 1, decays: false), new("C", shape.Batch, 1),
                ];
                Array.ForEach(parameters, parameter => Draw.Fill(random, parameter.Gradients, 10));
                double[] before = All(parameters);
                double norm = Math.Sqrt(before.Sum(g => g * g));
                double maximum = norm * (0.1 + (1.5 * random.NextDouble()));

                GradientClipping.ByGlobalNorm(parameters, maximum).Should().BeApproximately(norm, Rounding * norm);

                double scale = Math.Min(1, maximum / norm);
                Close.Within(All(parameters), [.. before.Select(g => g * scale)], 10 * rounding);
                GradientClipping.GlobalNorm(parameters).Should().BeApproximately(Math.Min(norm, maximum), rounding * norm);
            });

        static double[] All<T>(Parameter<T>[] parameters)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            [.. parameters.SelectMany(parameter => parameter.Gradients.ToArray()).Select(double.CreateChecked)];
    }

    [Fact]
    public void ByGlobalNorm_FloatSquaresBeyondFloat_DoNotOverflow()
    {
        // 3e30² is beyond float; √(3² + 4²) = 5.
        Parameter<float> parameter = Parameters.Of([0f, 0], [3e30f, 4e30f]);
        GradientClipping.ByGlobalNorm([parameter], 1).Should().BeApproximately(5e30, 5e30 * FloatRounding);
        parameter.Gradients[0].Should().BeApproximately(0.6f, (float)FloatRounding);
        parameter.Gradients[1].Should().BeApproximately(0.8f, (float)FloatRounding);
    }

    [Fact]
    public void GlobalNorm_ManySmallGradientsInFloat_AreNotLost()
    {
        // 1 + 4,000,000 · 1e-8 = 1.04: a sum taken in float would stay at 1.
        var parameter = new Parameter<float>("Weights", 2000, 2000);
        parameter.Gradients.Fill(1e-4f);
        parameter.Gradients[0] = 1;
        GradientClipping.GlobalNorm([parameter]).Should().BeApproximately(Math.Sqrt(1.04), FloatRounding);
    }

    [Fact]
    public void ByValue_BeyondTheLimit_IsMovedToIt()
    {
        Parameter<double> a = Parameters.Of([7.0, 7, 7], [3, -4, 0.5]);
        Parameter<double> b = Parameters.Of([7.0], [-1]);
        GradientClipping.ByValue([a, b], 1);
        a.Gradients.ToArray().Should().Equal(1, -1, 0.5);
        b.Gradients.ToArray().Should().Equal(-1);
        a.Values.ToArray().Should().Equal(7, 7, 7);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Clipping_GradientThatIsNotFinite_IsAnErrorThatSaysWhereAndChangesNothing(float bad)
    {
        Parameter<float> good = Parameters.Of([0f, 0], [30, -40]);
        var weights = new Parameter<float>("Weights", 3, 4);
        weights.Gradient[2, 1] = bad;
        Fails(() => GradientClipping.ByGlobalNorm([good, weights], 1));
        Fails(() => GradientClipping.ByValue([good, weights], 1));
        good.Gradients.ToArray().Should().Equal(30, -40);
        double.IsFinite(GradientClipping.GlobalNorm([good, weights])).Should().BeFalse();

        void Fails(Action call) =>
            call.Should().ThrowExactly<ArithmeticException>().WithMessage($"*Weights 3 × 4 is {bad} at row 2, column 1.");
    }

    [Fact]
    public void ByGlobalNorm_SquaresBeyondDouble_IsAnErrorThatChangesNothing()
    {
        Parameter<double> parameter = Parameters.Of([0.0], [1e200]);
        Action clip = () => GradientClipping.ByGlobalNorm([parameter], 1);
        clip.Should().ThrowExactly<ArithmeticException>().WithMessage("*squares*");
        parameter.Gradients[0].Should().Be(1e200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Clipping_BadLimit_IsRefusedAndChangesNothing(double limit)
    {
        Parameter<double> parameter = Parameters.Of([0.0], [30]);
        Refusal.Of<ArgumentOutOfRangeException>(
            () => GradientClipping.ByGlobalNorm([parameter], limit), "maximum", "above 0", $"is {limit}");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => GradientClipping.ByValue([parameter], limit), "limit", "above 0", $"is {limit}");
        parameter.Gradients[0].Should().Be(30);
    }

    [Fact]
    public void Clipping_BadList_IsRefusedAndChangesNothing()
    {
        Parameter<double> parameter = Parameters.Of([0.0], [30]);
        foreach (Action<IReadOnlyList<Parameter<double>>> clip in new Action<IReadOnlyList<Parameter<double>>>[]
        {
            list => GradientClipping.ByGlobalNorm(list, 1),
            list => GradientClipping.ByValue(list, 1),
            list => GradientClipping.GlobalNorm(list),
        })
        {
            Refusal.Of<ArgumentNullException>(() => clip(null!), "parameters");
            Refusal.Of<ArgumentNullException>(() => clip([parameter, null!]), "parameters", "parameters[1] is null");
            Refusal.Of<ArgumentException>(() => clip([parameter, parameter]), "parameters", "different", "at 0 and at 1");
        }

        parameter.Gradients[0].Should().Be(30);
    }

    [Fact]
    public void Clipping_EmptyList_HasNormZero()
    {
        GradientClipping.ByGlobalNorm<float>([], 1).Should().Be(0);
        GradientClipping.ByValue<float>([], 1);
    }

    [Fact]
    public void Clipping_Always_AllocatesNothing()
    {
        Parameter<float>[] parameters = [new("A", 130, 7), new("B", 13, 1)];
        ThreadAllocation.OnceWarm(() =>
        {
            parameters[0].Gradients.Fill(3);
            GradientClipping.ByGlobalNorm(parameters, 1);
            GradientClipping.ByValue(parameters, 0.01);
        }).Should().Be(0);
    }
}

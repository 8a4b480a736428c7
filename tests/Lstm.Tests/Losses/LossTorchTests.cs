namespace Lstm.Tests.Losses;

public class LossTorchTests
{
    /// <summary>
    /// 450 times double's epsilon, of the largest number: a dozen losses of some ten are summed, and exponentials and
    /// logarithms are within a few epsilons on both sides.
    /// </summary>
    private const double Rounding = 1e-13;

    [Fact]
    public void Evaluate_CasesOfTorch_EqualsItsLossesAndGradients()
    {
        TorchLosses.Cases.Should().HaveCount(116);
        foreach (TorchLosses golden in TorchLosses.Cases)
        {
            (double loss, double[] gradient) = golden.Evaluate();

            loss.Should().BeApproximately(golden.Loss, Rounding * Math.Max(1, golden.Loss), "of {0}", golden);
            double largest = golden.Gradient.Max(Math.Abs);
            gradient.Should().HaveSameCount(golden.Gradient);
            for (int n = 0; n < gradient.Length; n++)
            {
                gradient[n].Should().BeApproximately(
                    golden.Gradient[n], Rounding * Math.Max(1, largest), "of element {0} of {1}", n, golden);
            }
        }
    }
}

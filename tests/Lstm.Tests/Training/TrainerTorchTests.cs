using Lstm.Tests.Goldens;
using Lstm.Tests.Support;

namespace Lstm.Tests.Training;

public class TrainerTorchTests
{
    /// <summary>
    /// What was asked for. Rounding alone, some 1e-15 of a loss of about 2, grows over ten steps by the steps' own factors.
    /// </summary>
    private const double Tolerance = 1e-9;

    [Fact]
    public void Fit_FirstTenSteps_HaveTheLossesOfTorch()
    {
        TorchTraining.Cases.Select(golden => golden.Kind).Should().Equal("Language", "Classifier", "Forecaster");
        foreach (TorchTraining golden in TorchTraining.Cases)
        {
            golden.Sgd.Should().HaveCount(10);
            Close.Within(golden.Train(adam: false), golden.Sgd, Tolerance);
            Close.Within(golden.Train(adam: true), golden.Adam, Tolerance);
        }
    }
}

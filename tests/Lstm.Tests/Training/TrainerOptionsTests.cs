using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Training;

public class TrainerOptionsTests
{
    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TrainerOptions { Epochs = 0 }, "Epochs");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TrainerOptions { ClipNorm = 0 }, "ClipNorm");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TrainerOptions { ClipValue = double.NaN }, "ClipValue");
        Refusal.Of<ArgumentNullException>(() => _ = new TrainerOptions { Schedule = null! }, "Schedule");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TrainerOptions { ValidateEverySteps = 0 }, "ValidateEverySteps");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TrainerOptions { Monitor = (TrainingMonitor)2 }, "Monitor");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TrainerOptions { Patience = 0 }, "Patience");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TrainerOptions { MinimumImprovement = -1 }, "MinimumImprovement");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new AveragingOptions { Decay = 1 }, "Decay");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new AveragingOptions { StartStep = -1 }, "StartStep");
    }
}

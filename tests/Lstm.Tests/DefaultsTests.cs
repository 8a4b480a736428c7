using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Training;

namespace Lstm.Tests;

/// <summary>What is not given has the value that the documentation states.</summary>
public class DefaultsTests
{
    [Fact]
    public void Default_OfLayers_IsWhatIsStated()
    {
        var lstm = new LstmOptions();
        (lstm.ForgetBias, lstm.UseBias, lstm.NormalizationEpsilon).Should().Be((1, true, 1e-5));
        (lstm.GateActivation, lstm.CandidateActivation, lstm.OutputActivation)
            .Should().Be((Activation.Sigmoid, Activation.Tanh, Activation.Tanh));
        (new GruOptions().ResetAfter, new GruOptions().UseBias).Should().Be((true, true));
        new RnnOptions().Activation.Should().Be(Activation.Tanh);
        Activation.LeakyRelu().Should().Be(Activation.LeakyRelu(0.01));
        Activation.ThresholdedRelu().Should().Be(Activation.ThresholdedRelu(1));
        Activation.HardSigmoid().Should().Be(Activation.HardSigmoid(0.2, 0.5));
        Activation.Elu().Should().Be(Activation.Elu(1));
        new PoolLayer<float>(3).Pooling.Should().Be(Pooling.Mean);
        new GradientCheckOptions().Should().Be(new GradientCheckOptions
        {
            Seed = 0,
            Tolerance = 1e-6,
            Step = 5e-4,
            Floor = 1e-4,
            CheckInput = true,
            MaximumElements = int.MaxValue,
        });

        // Of 2,000 numbers drawn from ±0.05 one at least is within a tenth of the end.
        new EmbeddingLayer<double>(100, 20).Weights.Values.ToArray().Max(Math.Abs).Should().BeInRange(0.045, 0.05);
    }

    [Fact]
    public void Default_OfLosses_IsTheMean()
    {
        new MeanSquaredError<double>().Reduction.Should().Be(Reduction.Mean);
        new HuberLoss<double>().Delta.Should().Be(1);
        new SoftmaxCrossEntropy<double>().LabelSmoothing.Should().Be(0);
    }

    [Fact]
    public void Default_OfOptimizersAndSchedules_IsWhatIsStated()
    {
        new AdamOptions().Should().Be(new AdamOptions { LearningRate = 0.001, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, WeightDecay = 0 });
        new AdamWOptions().Should().Be(new AdamWOptions { LearningRate = 0.001, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, WeightDecay = 0.01 });
        new RmsPropOptions().Should().Be(new RmsPropOptions
        {
            LearningRate = 0.01,
            Smoothing = 0.99,
            Epsilon = 1e-8,
            Momentum = 0,
            Centered = false,
            WeightDecay = 0,
        });
        new StepSchedule().Should().Be(new StepSchedule { Epochs = 10, Decay = 0.1 });
        new ExponentialSchedule().Should().Be(new ExponentialSchedule { Decay = 0.95 });
        new ZarembaSchedule().Should().Be(new ZarembaSchedule { ConstantEpochs = 4, Divisor = 2 });
        new CosineSchedule().Should().Be(new CosineSchedule { WarmUpSteps = 0, TotalSteps = null, FinalFactor = 0 });
        new PlateauSchedule().Should().Be(new PlateauSchedule { Decay = 0.1, Patience = 10, Threshold = 1e-4, Cooldown = 0, FinalFactor = 0 });
    }

    [Fact]
    public void Default_OfTraining_IsWhatIsStated()
    {
        new TrainerOptions().Should().Be(new TrainerOptions
        {
            Epochs = 10,
            Schedule = Schedule.Constant,
            Monitor = TrainingMonitor.Loss,
            MinimumImprovement = 0,
            RestoreBest = true,
        });
        new AveragingOptions().Should().Be(new AveragingOptions { Decay = 0.999, StartStep = 0 });
        new CheckpointOptions("file").Resume.Should().BeTrue();
        new ExampleBatchOptions().Should().Be(new ExampleBatchOptions { ShuffleSeed = 0, BucketBatches = 16, DropLast = false });
    }

    [Fact]
    public void Default_OfModels_IsWhatIsStated()
    {
        new StackOptions().Should().Be(new StackOptions
        {
            Layers = 2,
            Dropout = 0,
            Residual = false,
            Bidirectional = false,
            LastStepOnly = false,
        });
        new LanguageModelOptions().Should().Be(new LanguageModelOptions
        {
            HiddenUnits = 128,
            Layers = 2,
            EmbeddingSize = null,
            Dropout = 0,
            Tied = false,
            Seed = 1,
        });
        new LanguageModelTraining().Should().Be(new LanguageModelTraining
        {
            Steps = 64,
            BatchSize = null,
            SumsSteps = false,
            Trainer = null,
        });
        new SequenceClassifierOptions().Should().Be(new SequenceClassifierOptions
        {
            HiddenUnits = 64,
            Layers = 1,
            Bidirectional = true,
            Summary = SequenceSummary.Maximum,
            Dropout = 0.2,
            Scaling = ScalingKind.Standard,
            BatchSize = 32,
            Seed = 0,
        });
        new SequenceForecasterOptions().Should().Be(new SequenceForecasterOptions
        {
            Horizon = 12,
            Window = 24,
            Season = null,
            Logarithm = null,
            SeasonalDifference = null,
            Difference = null,
            Coverage = 0.9,
            Calibration = 0.25,
            HiddenUnits = 32,
            Layers = 1,
            BatchSize = 32,
            Seed = 0,
        });
        new SequenceToSequenceOptions().Should().Be(new SequenceToSequenceOptions
        {
            EmbeddingSize = 16,
            HiddenUnits = 128,
            Layers = 1,
            ReverseSource = true,
            Peeky = true,
            Dropout = 0,
            TeacherForcing = 1,
            BatchSize = 32,
            Seed = 0,
        });
        new DecodingOptions().Should().Be(new DecodingOptions { BeamWidth = 1, LengthPenalty = 0.6, MaximumLength = null });
    }
}

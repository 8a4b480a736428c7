using Lstm.Layers;
using Lstm.Tests.Reference;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>Each option of <see cref="LstmLayer{T}"/> alone.</summary>
public class LstmOptionsTests
{
    private const int Units = 6;
    private const int Inputs = 4;

    /// <summary>
    /// Below the default: functions with a corner are smooth on either side only, and so short a step seldom crosses one.
    /// </summary>
    private const double Step = 1e-5;

    public static TheoryData<string> Singles => [.. LstmOptionCases.Single.Select(item => item.Property)];

    public static TheoryData<string> Activations => [.. LstmOptionCases.Activations.Select(activation => $"{activation}")];

    [Fact]
    public void Options_All_AreAmongTheCases() =>
        LstmOptionCases.Properties.Should().BeEquivalentTo(LstmOptionCases.Single.Select(item => item.Property));

    [Theory]
    [MemberData(nameof(Singles))]
    public void Train_Option_ChangesOutputOrGradient(string property)
    {
        LstmOptions options = Of(property);
        LstmOptions without = property switch
        {
            nameof(LstmOptions.PeepholeInitializer) => Of(nameof(LstmOptions.Peepholes)),
            nameof(LstmOptions.ProjectionInitializer) => Of(nameof(LstmOptions.Projection)),
            nameof(LstmOptions.NormalizationEpsilon) => Of(nameof(LstmOptions.LayerNormalization)),
            nameof(LstmOptions.DropoutPerGate) => options with { DropoutPerGate = false },
            _ => new LstmOptions(),
        };
        (double[] outputs, double[] gradients) = Train(options);
        (double[] plain, double[] plainGradients) = Train(without);
        bool sameOutputs = outputs.SequenceEqual(plain);
        bool sameGradients = gradients.SequenceEqual(plainGradients);

        (sameOutputs && sameGradients).Should().BeFalse("the option is not to be ignored");
        if (property == nameof(LstmOptions.LookBack))
        {
            sameOutputs.Should().BeTrue("it is about the way back");
        }
    }

    [Theory]
    [MemberData(nameof(Singles))]
    public void GradientCheck_Option_Passes(string property)
    {
        // A look-back of fewer steps than there are is not the gradient of the loss.
        LstmOptions options = Of(property);
        options = options with { LookBack = options.LookBack is null ? null : 5 };
        var random = new Random(property.Length);
        LstmLayer<double> layer = new(Inputs, Units, 1, options) { Repeat = true, Threads = 1 };
        Draw.Parameters(random, layer);
        Sequence<double> input = Draw.Sequence<double>(random, 5, 3, Inputs);
        GradientCheckOptions check = new() { Step = Step };
        GradientReport report = GradientCheck.Run(layer, input, Draw.State(random, layer, 3), check);
        report.Passed.Should().BeTrue($"{report}");
        report = GradientCheck.Run(new StartedAlone(layer), input, null, check);
        report.Passed.Should().BeTrue($"{report}");
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void GradientCheck_Activation_PassesEverywhere(string name)
    {
        Activation activation = LstmOptionCases.Activations.Single(item => $"{item}" == name);
        var random = new Random(name.Length);
        LstmOptions options = new() { GateActivation = activation, CandidateActivation = activation, OutputActivation = activation };
        LstmLayer<double> layer = new(Inputs, Units, 1, options);
        Draw.Parameters(random, layer);
        Sequence<double> input = Draw.Sequence<double>(random, 3, 3, Inputs);

        GradientReport report = GradientCheck.Run(
            layer, input, Draw.State(random, layer, 3), new GradientCheckOptions { Step = Step });

        report.Passed.Should().BeTrue($"{report}");
        LstmState<double> state = layer.CreateState(3);
        Close.To(layer.Forward(input), new ReferenceCell(layer).Infer(input, state), Tolerance.Rounding<double>(), "output");
    }

    [Fact]
    public void Construct_OptionsThatDoNotGoTogether_AreRefusedWithTheReason()
    {
        static void Refused(LstmOptions options, params string[] words) =>
            Refusal.Of<ArgumentException>(() => _ = new LstmLayer<float>(3, 4, options: options), "options", words);

        Refused(new LstmOptions { Projection = 5 }, "Projection", "at most the hidden units, 4", "is 5");
        Refused(new LstmOptions { CoupledGates = true, GateActivation = Activation.Tanh }, "CoupledGates", "f = 1 − i", "Tanh");
        Refused(new LstmOptions { DropoutPerGate = true }, "DropoutPerGate", "InputDropout", "RecurrentDropout");
        Refused(new LstmOptions { UseBias = false, ForgetBias = 2 }, "ForgetBias", "bias");
        Refused(new LstmOptions { PeepholeInitializer = Initializer.Zeros }, "PeepholeInitializer", "Peepholes");
        Refused(new LstmOptions { ProjectionInitializer = Initializer.Zeros }, "ProjectionInitializer", "Projection");
        Refused(new LstmOptions { NormalizationEpsilon = 1 }, "NormalizationEpsilon", "LayerNormalization");
        Refusal.Of<ArgumentException>(
            () => _ = new LstmLayer<float>(3, 1, options: new LstmOptions { LayerNormalization = true }),
            "options",
            "LayerNormalization",
            "single hidden unit");
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        foreach (double bad in new[] { -0.1, 1, double.NaN })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { InputDropout = bad }, "InputDropout");
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { RecurrentDropout = bad }, "RecurrentDropout");
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { HiddenZoneout = bad }, "HiddenZoneout");
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { CellZoneout = bad }, "CellZoneout");
        }

        foreach (double bad in new[] { -1, 0, double.NaN, double.PositiveInfinity })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { CellClip = bad }, "CellClip", "above 0");
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { GateClip = bad }, "GateClip", "above 0");
            Refusal.Of<ArgumentOutOfRangeException>(
                () => _ = new LstmOptions { NormalizationEpsilon = bad }, "NormalizationEpsilon", "above 0");
            Refusal.Of<ArgumentOutOfRangeException>(() => Activation.ScaledTanh(bad, 1), "alpha", "above 0");
        }

        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { Projection = 0 }, "Projection", "at least 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { LookBack = 0 }, "LookBack", "at least 1");
        Refusal.Of<ArgumentNullException>(() => _ = new LstmOptions { GateActivation = null! }, "GateActivation");
        Refusal.Of<ArgumentNullException>(() => _ = new LstmOptions { CandidateActivation = null! }, "CandidateActivation");
        Refusal.Of<ArgumentNullException>(() => _ = new LstmOptions { OutputActivation = null! }, "OutputActivation");
        Refusal.Of<ArgumentNullException>(() => _ = new LstmOptions { PeepholeInitializer = null! }, "PeepholeInitializer");
        Refusal.Of<ArgumentNullException>(() => _ = new LstmOptions { ProjectionInitializer = null! }, "ProjectionInitializer");
        Refusal.Of<ArgumentOutOfRangeException>(() => Activation.LeakyRelu(-1), "alpha");
        Refusal.Of<ArgumentOutOfRangeException>(() => Activation.ThresholdedRelu(-1), "alpha");
        Refusal.Of<ArgumentOutOfRangeException>(() => Activation.Elu(-1), "alpha");
        Refusal.Of<ArgumentOutOfRangeException>(() => Activation.Affine(double.NaN, 0), "alpha");
        Refusal.Of<ArgumentOutOfRangeException>(() => Activation.HardSigmoid(1, double.NaN), "beta");
        Refusal.OutOfTurn(() => _ = new LstmLayer<float>(2, 3, options: new LstmOptions { UseBias = false }).Bias, "UseBias");
        Refusal.Of<ArgumentOutOfRangeException>(() => new LstmLayer<float>(2, 3).Call = -1, "Call");
    }

    [Fact]
    public void Parameters_Options_AreThoseThatTheyNeed()
    {
        LstmOptions all = new()
        {
            Peepholes = true,
            Projection = 3,
            LayerNormalization = true,
            LearnInitialState = true,
        };
        LstmLayer<float> layer = new(Inputs, Units, options: all);
        layer.Parameters.Select(parameter => $"{parameter}, {parameter.Decays}").Should().Equal(
            "InputWeights 24 × 4, True",
            "RecurrentWeights 24 × 3, True",
            "Bias 24 × 1, False",
            "Peepholes 18 × 1, True",
            "Gain 24 × 1, False",
            "Projection 3 × 6, True",
            "InitialHidden 3 × 1, False",
            "InitialCell 6 × 1, False");
        layer.CreateState(2).ToString().Should().Be("LstmState<Single> of Hidden 3 × 2, Cell 6 × 2");
        layer.Gain!.Values.ToArray().Should().OnlyContain(gain => gain == 1);
        new LstmLayer<float>(Inputs, Units, options: all with { CoupledGates = true, UseBias = false }).Parameters
            .Select(parameter => $"{parameter}")
            .Should().StartWith(["InputWeights 18 × 4", "RecurrentWeights 18 × 3", "Peepholes 12 × 1", "Gain 18 × 1"]);
        new LstmLayer<float>(Inputs, 2, options: new LstmOptions { CoupledGates = true }).Bias.Values.ToArray()
            .Should().Equal([-1, -1, 0, 0, 0, 0], "1 − σ(−1) = σ(1)");
    }

    private static LstmOptions Of(string property) => LstmOptionCases.Single.Single(item => item.Property == property).Options;

    private static (double[] Outputs, double[] Gradients) Train(LstmOptions options)
    {
        var random = new Random(1);
        LstmLayer<double> layer = new(Inputs, Units, 1, options);
        if (layer.InitialHidden is not null)
        {
            // It starts at zero, where it would make no difference yet.
            Draw.Fill(random, layer.InitialHidden.Values);
        }

        Sequence<double> input = Draw.Sequence<double>(new Random(2), 5, 3, Inputs, 2);
        double[] output = layer.Forward(input).Values.ToArray();
        layer.Backward(Draw.Sequence<double>(new Random(3), 5, 3, layer.Outputs));
        return (output, Bits.OfGradients(layer));
    }
}

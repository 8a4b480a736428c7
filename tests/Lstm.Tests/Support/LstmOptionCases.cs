using System.Reflection;
using Lstm.Layers;

namespace Lstm.Tests.Support;

/// <summary>Options of LSTM layers: one after the other, and drawn at random.</summary>
internal static class LstmOptionCases
{
    /// <summary>Each option alone, with what it needs to have an effect, by the property that it is about.</summary>
    public static IReadOnlyList<(string Property, LstmOptions Options)> Single { get; } =
    [
        (nameof(LstmOptions.InputInitializer), new() { InputInitializer = Initializer.InverseRoot }),
        (nameof(LstmOptions.RecurrentInitializer), new() { RecurrentInitializer = Initializer.InverseRoot }),
        (nameof(LstmOptions.ForgetBias), new() { ForgetBias = 0.5 }),
        (nameof(LstmOptions.UseBias), new() { UseBias = false }),
        (nameof(LstmOptions.Peepholes), new() { Peepholes = true }),
        (nameof(LstmOptions.PeepholeInitializer), new() { Peepholes = true, PeepholeInitializer = Initializer.Uniform(2) }),
        (nameof(LstmOptions.CoupledGates), new() { CoupledGates = true }),
        (nameof(LstmOptions.Projection), new() { Projection = 3 }),
        (nameof(LstmOptions.ProjectionInitializer), new() { Projection = 3, ProjectionInitializer = Initializer.Uniform(2) }),
        (nameof(LstmOptions.LayerNormalization), new() { LayerNormalization = true }),
        (nameof(LstmOptions.NormalizationEpsilon), new() { LayerNormalization = true, NormalizationEpsilon = 0.1 }),
        (nameof(LstmOptions.CellClip), new() { CellClip = 0.2 }),
        (nameof(LstmOptions.GateClip), new() { GateClip = 0.3 }),
        (nameof(LstmOptions.GateActivation), new() { GateActivation = Activation.HardSigmoid() }),
        (nameof(LstmOptions.CandidateActivation), new() { CandidateActivation = Activation.Softsign }),
        (nameof(LstmOptions.OutputActivation), new() { OutputActivation = Activation.Identity }),
        (nameof(LstmOptions.InputDropout), new() { InputDropout = 0.4 }),
        (nameof(LstmOptions.RecurrentDropout), new() { RecurrentDropout = 0.4 }),
        (nameof(LstmOptions.DropoutPerGate), new() { InputDropout = 0.4, RecurrentDropout = 0.4, DropoutPerGate = true }),
        (nameof(LstmOptions.HiddenZoneout), new() { HiddenZoneout = 0.3 }),
        (nameof(LstmOptions.CellZoneout), new() { CellZoneout = 0.3 }),
        (nameof(LstmOptions.LearnInitialState), new() { LearnInitialState = true }),
        (nameof(LstmOptions.LookBack), new() { LookBack = 2 }),
    ];

    /// <summary>Every public property there is.</summary>
    public static IEnumerable<string> Properties =>
        typeof(LstmOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name);

    public static IReadOnlyList<Activation> Activations { get; } =
    [
        Activation.Sigmoid, Activation.Tanh, Activation.Relu, Activation.Softsign, Activation.Softplus, Activation.Identity,
        Activation.Affine(0.5, 0.1), Activation.LeakyRelu(0.1), Activation.ThresholdedRelu(0.1), Activation.ScaledTanh(1.2, 0.7),
        Activation.HardSigmoid(0.3, 0.4), Activation.Elu(0.8),
    ];

    /// <summary>About half of all options, of those that go together.</summary>
    /// <param name="random">What they follow from.</param>
    /// <param name="units">H.</param>
    /// <param name="masks">Whether training may draw masks at random.</param>
    public static LstmOptions Random(Random random, int units, bool masks)
    {
        bool coupled = Half(), bias = Half() || Half(), peepholes = Half(), normal = units > 1 && Half();
        double Rate() => masks && Half() ? 0.1 + (0.4 * random.NextDouble()) : 0;
        (double inputDropout, double recurrentDropout) = (Rate(), Rate());
        Activation Any() => Half() ? Activation.Tanh : Activations[random.Next(Activations.Count)];
        return new LstmOptions
        {
            ForgetBias = bias ? random.NextDouble() : 1,
            UseBias = bias,
            Peepholes = peepholes,
            CoupledGates = coupled,
            Projection = Half() ? random.Next(1, units + 1) : null,
            LayerNormalization = normal,
            NormalizationEpsilon = normal ? 0.01 : 1e-5,
            CellClip = Half() ? 0.2 + random.NextDouble() : null,
            GateClip = Half() ? 0.2 + random.NextDouble() : null,
            GateActivation = Half() ? Activation.Sigmoid : coupled ? Activation.HardSigmoid() : Any(),
            CandidateActivation = Any(),
            OutputActivation = Any(),
            InputDropout = inputDropout,
            RecurrentDropout = recurrentDropout,
            DropoutPerGate = inputDropout + recurrentDropout > 0 && Half(),
            HiddenZoneout = Rate(),
            CellZoneout = Rate(),
            LearnInitialState = Half(),
        };

        bool Half() => random.Next(2) == 0;
    }
}

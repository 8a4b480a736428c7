using System.Globalization;
using Lstm.Layers;

namespace Lstm.Benchmarks.Measuring;

/// <summary>An LSTM layer with an option or several, as <c>--variant</c> names them: joined by +, with a number behind a colon.</summary>
internal sealed record Variant(string Name, LstmOptions Options, Func<Shape, StepMask?> Mask, bool SharesWeights)
{
    /// <summary>Drawn faster than the default, and PyTorch's: what the peers have.</summary>
    private static readonly LstmOptions Drawn = new()
    {
        InputInitializer = Initializer.InverseRoot,
        RecurrentInitializer = Initializer.InverseRoot,
    };

    private static readonly Dictionary<string, Func<LstmOptions, double, LstmOptions>> Known = new()
    {
        ["plain"] = (options, _) => options,
        ["peephole"] = (options, _) => options with { Peepholes = true },
        ["projection"] = (options, size) => options with { Projection = (int)size },
        ["coupled"] = (options, _) => options with { CoupledGates = true },
        ["layernorm"] = (options, _) => options with { LayerNormalization = true },
        ["cellclip"] = (options, limit) => options with { CellClip = limit },
        ["clip"] = (options, limit) => options with { GateClip = limit },
        ["nobias"] = (options, _) => options with { UseBias = false },
        ["hardsigmoid"] = (options, _) => options with { GateActivation = Activation.HardSigmoid() },
        ["softplus"] = (options, _) => options with { CandidateActivation = Activation.Softplus },
        ["dropout"] = (options, rate) => options with { InputDropout = rate },
        ["recurrentdropout"] = (options, rate) => options with { RecurrentDropout = rate },
        ["pergate"] = (options, _) => options with { DropoutPerGate = true },
        ["hiddenzoneout"] = (options, rate) => options with { HiddenZoneout = rate },
        ["cellzoneout"] = (options, rate) => options with { CellZoneout = rate },
        ["initial"] = (options, _) => options with { LearnInitialState = true },
        ["lookback"] = (options, steps) => options with { LookBack = (int)steps },
        ["lengths"] = (options, _) => options,
        ["shared"] = (options, _) => options,
    };

    /// <summary>The plain layer.</summary>
    public static Variant Plain { get; } = new("lstm", Drawn, _ => null, SharesWeights: false);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Parses a name such as <c>projection:128</c> or <c>dropout:0.2+pergate</c>.</summary>
    /// <exception cref="FormatException">There is no such variant; the message says which there are.</exception>
    public static Variant Parse(string name)
    {
        LstmOptions options = Drawn;
        (bool lengths, bool shared) = (false, false);
        foreach (string part in name.Split('+'))
        {
            string[] words = part.Split(':');
            double number = 0.2;
            bool valid = words.Length <= 2 && Known.ContainsKey(words[0]) && (words.Length == 1
                || double.TryParse(words[1], NumberStyles.Float, CultureInfo.InvariantCulture, out number));
            if (!valid)
            {
                throw new FormatException($"names of options, {string.Join(", ", Known.Keys)}, joined by +, each with :number behind it or not");
            }

            options = Known[words[0]](options, number);
            lengths |= words[0] == "lengths";
            shared |= words[0] == "shared";
        }

        return new Variant(name, options, lengths ? Ramp : _ => null, shared);
    }

    /// <summary>Lengths from one step to all, so that about half of all steps are valid.</summary>
    private static StepMask Ramp(Shape shape) => StepMask.FromLengths(
        shape.Steps, [.. Enumerable.Range(1, shape.Batch).Select(n => Math.Max(1, shape.Steps * n / shape.Batch))]);
}

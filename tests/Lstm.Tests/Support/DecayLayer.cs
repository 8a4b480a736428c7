using Lstm.Layers;

namespace Lstm.Tests.Support;

/// <summary>
/// A layer as a user would write it, on the public members alone: a leaky sum, sₜ = d ⊙ sₜ₋₁ + xₜ², whose output is sₜ
/// and whose one parameter is d. An error can be planted in its backward pass.
/// </summary>
internal sealed class DecayLayer(int features) : Layer<double>(features, features, new Parameter<double>("Decay", features, 1))
{
    private double[] _initial = [];

    /// <summary>What is added to the gradient of the last element of what is named.</summary>
    public (string Of, double Error) Planted { get; set; }

    public override LayerState<double> CreateState(int batch) =>
        new(batch, new StatePart<double>("Sum", Inputs, batch));

    protected override void ForwardCore(
        Sequence<double> input, LayerState<double>? initialState, Sequence<double> output, LayerState<double> finalState)
    {
        _initial = initialState is null ? new double[input.Batch * Inputs] : initialState.Parts[0].Values.ToArray();
        _initial.CopyTo(finalState.Parts[0].Values);
        Run(input.Values, output.Values, finalState.Parts[0].Values);
    }

    protected override void BackwardCore(
        Sequence<double> input,
        Sequence<double> output,
        Sequence<double> outputGradient,
        LayerState<double>? finalStateGradient,
        Sequence<double> inputGradient,
        LayerState<double> initialStateGradient)
    {
        Span<double> later = initialStateGradient.Parts[0].Values;
        later.Clear();
        finalStateGradient?.Parts[0].Values.CopyTo(later);
        for (int t = input.Steps - 1; t >= 0; t--)
        {
            Span<double> previous = t == 0 ? _initial : output.Step(t - 1);
            for (int n = 0; n < later.Length; n++)
            {
                double sum = later[n] + outputGradient.Step(t)[n];
                inputGradient.Step(t)[n] = 2 * input.Step(t)[n] * sum;
                Parameters[0].Gradients[n % Inputs] += previous[n] * sum;
                later[n] = Parameters[0].Values[n % Inputs] * sum;
            }
        }

        Span<double> wrong = Planted.Of switch
        {
            "Decay" => Parameters[0].Gradients,
            "input" => inputGradient.Values,
            "initial Sum" => later,
            _ => [],
        };
        if (wrong.Length > 0)
        {
            wrong[^1] += Planted.Error;
        }
    }

    protected internal override void InferCore(
        ReadOnlySpan<double> input, Span<double> output, int steps, LayerState<double> state, StepMask? mask) =>
        Run(input, output, state.Parts[0].Values);

    private void Run(ReadOnlySpan<double> input, Span<double> output, Span<double> sum)
    {
        for (int n = 0; n < input.Length; n++)
        {
            ref double s = ref sum[n % sum.Length];
            s = (Parameters[0].Values[n % Inputs] * s) + (input[n] * input[n]);
            output[n] = s;
        }
    }
}

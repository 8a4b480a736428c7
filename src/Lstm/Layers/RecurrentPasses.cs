using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>The passes of a layer whose state is its output, on the general recurrent engine.</summary>
internal sealed class RecurrentPasses<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RecurrentLayer<T> _layer;
    private readonly RecurrentOptions _options;
    private readonly Lazy<RecurrentEngine<T, SimpleCellPass<T>>> _training;
    private readonly Pool<RecurrentEngine<T, SimpleCellPass<T>>> _inference;

    public RecurrentPasses(RecurrentLayer<T> layer, RecurrentOptions options)
    {
        (_layer, _options) = (layer, options);
        _training = new(layer.CreateEngine);
        _inference = new(() => _training.Value.Sibling());
    }

    private ReadOnlySpan<T> Bias => _options.UseBias ? _layer.Bias.ReadOnlyValues : default;

    private Span<T> BiasGradient => _options.UseBias ? _layer.Bias.Gradients : default;

    public void Forward(Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState) =>
        Run(_training.Value, true, input.Values, output.Values, input.Steps, input.Gaps, initialState, finalState);

    public void Infer(ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        RecurrentEngine<T, SimpleCellPass<T>> engine = _inference.Rent();
        Run(engine, false, input, output, steps, mask, state, state);
        _inference.Return(engine);
    }

    public unsafe void Backward(
        Sequence<T> input,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        fixed (T* w = _layer.InputWeights.ReadOnlyValues, u = _layer.RecurrentWeights.ReadOnlyValues, b = Bias)
        fixed (T* dw = _layer.InputWeights.Gradients, du = _layer.RecurrentWeights.Gradients, db = BiasGradient)
        fixed (T* x = input.Values, dx = inputGradient.Values, dy = outputGradient.Values)
        fixed (T* dh0 = HiddenOf(initialStateGradient), dh = HiddenOf(finalStateGradient))
        {
            RecurrentPass<T> pass = Pass(input.Steps, input.Batch) with { InputWeights = w, RecurrentWeights = u, Input = x };
            SimpleCellPass<T> cells = new() { Bias = b, BiasGradient = db, RecurrentGradient = du, Activation = _layer.Function };
            RecurrentGradients<T> gradients = new()
            {
                Output = dy,
                FinalHidden = dh,
                Input = dx,
                InitialHidden = dh0,
                InputWeights = dw,
                RecurrentWeights = du,
            };
            _training.Value.Backward(pass, cells, gradients, _layer.Threads);
        }
    }

    private static Span<T> HiddenOf(LayerState<T>? state) => state is null ? default : state.Parts[0].Values;

    private unsafe void Run(
        RecurrentEngine<T, SimpleCellPass<T>> engine,
        bool training,
        ReadOnlySpan<T> input,
        Span<T> output,
        int steps,
        StepMask? mask,
        LayerState<T>? initialState,
        LayerState<T> finalState)
    {
        fixed (T* w = _layer.InputWeights.ReadOnlyValues, u = _layer.RecurrentWeights.ReadOnlyValues, b = Bias)
        fixed (T* x = input, y = output, h0 = HiddenOf(initialState), h = HiddenOf(finalState))
        {
            RecurrentPass<T> pass = Pass(steps, finalState.Batch) with
            {
                InputWeights = w,
                RecurrentWeights = u,
                WeightsVersion = training ? 0 : Parameter<T>.VersionOf(_layer.InputWeights, _layer.RecurrentWeights),
                Input = x,
                Output = y,
                InitialHidden = h0,
                FinalHidden = h,
            };
            SimpleCellPass<T> cells = new() { Bias = b, Activation = _layer.Function };
            engine.Forward(pass, cells, mask is null ? default : mask.Values, training, _layer.Threads);
        }
    }

    private RecurrentPass<T> Pass(int steps, int batch) => new()
    {
        Steps = steps,
        Batch = batch,
        Inputs = _layer.Inputs,
        Units = _layer.HiddenUnits,
        Outputs = _layer.HiddenUnits,
        InputDropout = _options.InputDropout,
        RecurrentDropout = _options.RecurrentDropout,
        MaskSeed = SplitMix64.At(_layer.MaskSeed, (ulong)_layer.Call),
        LookBack = _options.LookBack ?? 0,
    };
}

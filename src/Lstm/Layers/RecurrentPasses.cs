using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>The passes of a layer whose state is its output, on the general recurrent engine.</summary>
internal sealed class RecurrentPasses<T>(RecurrentLayer<T> layer, RecurrentOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Pool<RecurrentEngine<T, SimpleCellPass<T>>> _inference = new(layer.CreateEngine);

    private RecurrentEngine<T, SimpleCellPass<T>> Training => field ??= layer.CreateEngine();

    private ReadOnlySpan<T> Bias => options.UseBias ? layer.Bias.ReadOnlyValues : default;

    private Span<T> BiasGradient => options.UseBias ? layer.Bias.Gradients : default;

    public void Forward(Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState) =>
        Run(Training, true, input.Values, output.Values, input.Steps, input.Gaps, initialState, finalState);

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
        fixed (T* w = layer.InputWeights.ReadOnlyValues, u = layer.RecurrentWeights.ReadOnlyValues, b = Bias)
        fixed (T* dw = layer.InputWeights.Gradients, du = layer.RecurrentWeights.Gradients, db = BiasGradient)
        fixed (T* x = input.Values, dx = inputGradient.Values, dy = outputGradient.Values)
        fixed (T* dh0 = HiddenOf(initialStateGradient), dh = HiddenOf(finalStateGradient))
        {
            RecurrentPass<T> pass = Pass(input.Steps, input.Batch) with { InputWeights = w, RecurrentWeights = u, Input = x };
            SimpleCellPass<T> cells = new() { Bias = b, BiasGradient = db, RecurrentGradient = du, Activation = layer.Function };
            RecurrentGradients<T> gradients = new()
            {
                Output = dy,
                FinalHidden = dh,
                Input = dx,
                InitialHidden = dh0,
                InputWeights = dw,
                RecurrentWeights = du,
            };
            Training.Backward(pass, cells, gradients, layer.Threads);
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
        fixed (T* w = layer.InputWeights.ReadOnlyValues, u = layer.RecurrentWeights.ReadOnlyValues, b = Bias)
        fixed (T* x = input, y = output, h0 = HiddenOf(initialState), h = HiddenOf(finalState))
        {
            RecurrentPass<T> pass = Pass(steps, finalState.Batch) with
            {
                InputWeights = w,
                RecurrentWeights = u,
                WeightsVersion = training ? 0 : Parameter<T>.VersionOf(layer.InputWeights, layer.RecurrentWeights),
                Input = x,
                Output = y,
                InitialHidden = h0,
                FinalHidden = h,
            };
            SimpleCellPass<T> cells = new() { Bias = b, Activation = layer.Function };
            engine.Forward(pass, cells, mask is null ? default : mask.Values, training, layer.Threads);
        }
    }

    private RecurrentPass<T> Pass(int steps, int batch) => new()
    {
        Steps = steps,
        Batch = batch,
        Inputs = layer.Inputs,
        Units = layer.HiddenUnits,
        Outputs = layer.HiddenUnits,
        InputDropout = options.InputDropout,
        RecurrentDropout = options.RecurrentDropout,
        MaskSeed = SplitMix64.At(layer.MaskSeed, (ulong)layer.Call),
        LookBack = options.LookBack ?? 0,
    };
}

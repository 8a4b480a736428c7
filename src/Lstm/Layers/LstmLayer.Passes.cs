using System.Numerics.Tensors;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <content>The passes of the plain layer, and the general ones: with options, or over sequences of different length.</content>
public sealed partial class LstmLayer<T>
{
    private readonly Lazy<RecurrentEngine<T, LstmCellPass<T>>> _generalTraining;
    private readonly Pool<RecurrentEngine<T, LstmCellPass<T>>> _generalInference;

    /// <summary>Whether the latest forward pass was given no initial state.</summary>
    private bool _usedOwnStart;

    /// <summary>The widest vectors, in bits, that passes with options run on; to be set before the first of them.</summary>
    internal int VectorBits { get; set; } = 512;

    private long WeightsVersion =>
        Parameter<T>.VersionOf(InputWeights, RecurrentWeights, Projection ?? RecurrentWeights);

    private RecurrentEngine<T, LstmCellPass<T>> CreateGeneralEngine() =>
        RecurrentEngines.Create<T, LstmCellPass<T>, LstmCellMaker<T>>(VectorBits);

    private static Span<T> PartOf(LayerState<T>? state, int part) => state is null ? default : state.Parts[part].Values;

    private static ReadOnlySpan<T> ValuesOf(Parameter<T>? parameter) => parameter is null ? default : parameter.ReadOnlyValues;

    private static Span<T> GradientsOf(Parameter<T>? parameter) => parameter is null ? default : parameter.Gradients;

    private unsafe void ForwardPlain(
        LstmEngine<T> engine,
        bool training,
        ReadOnlySpan<T> input,
        Span<T> output,
        int steps,
        LayerState<T>? initialState,
        LayerState<T> finalState)
    {
        fixed (T* w = InputWeights.ReadOnlyValues, u = RecurrentWeights.ReadOnlyValues, b = Bias.ReadOnlyValues)
        fixed (T* x = input, y = output)
        fixed (T* h0 = PartOf(initialState, 0), c0 = PartOf(initialState, 1))
        fixed (T* h = PartOf(finalState, 0), c = PartOf(finalState, 1))
        {
            LstmPass<T> pass = new()
            {
                Steps = steps,
                Batch = finalState.Batch,
                Inputs = Inputs,
                HiddenUnits = HiddenUnits,
                InputWeights = w,
                RecurrentWeights = u,
                WeightsVersion = training ? 0 : WeightsVersion,
                Bias = b,
                Input = x,
                Output = y,
                InitialHidden = h0,
                InitialCell = c0,
                FinalHidden = h,
                FinalCell = c,
            };
            engine.Forward(pass, training, Threads);
        }
    }

    private unsafe void BackwardPlain(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        fixed (T* w = InputWeights.ReadOnlyValues, u = RecurrentWeights.ReadOnlyValues)
        fixed (T* x = input.Values, y = output.Values, dx = inputGradient.Values, dy = outputGradient.Values)
        fixed (T* dw = InputWeights.Gradients, du = RecurrentWeights.Gradients, db = Bias.Gradients)
        fixed (T* dh0 = PartOf(initialStateGradient, 0), dc0 = PartOf(initialStateGradient, 1))
        fixed (T* dh = PartOf(finalStateGradient, 0), dc = PartOf(finalStateGradient, 1))
        {
            LstmPass<T> pass = new()
            {
                Steps = input.Steps,
                Batch = input.Batch,
                Inputs = Inputs,
                HiddenUnits = HiddenUnits,
                InputWeights = w,
                RecurrentWeights = u,
                Input = x,
                Output = y,
            };
            LstmGradients<T> gradients = new()
            {
                Output = dy,
                FinalHidden = dh,
                FinalCell = dc,
                Input = dx,
                InitialHidden = dh0,
                InitialCell = dc0,
                InputWeights = dw,
                RecurrentWeights = du,
                Bias = db,
            };
            _training.Backward(pass, gradients, Threads);
        }
    }

    private unsafe void ForwardGeneral(
        RecurrentEngine<T, LstmCellPass<T>> engine,
        bool training,
        ReadOnlySpan<T> input,
        Span<T> output,
        int steps,
        StepMask? mask,
        LayerState<T>? initialState,
        LayerState<T> finalState)
    {
        bool learnt = initialState is null && Options.LearnInitialState;
        ReadOnlySpan<T> hidden = learnt ? InitialHidden!.ReadOnlyValues : PartOf(initialState, 0);
        ReadOnlySpan<T> cell = learnt ? InitialCell!.ReadOnlyValues : PartOf(initialState, 1);
        fixed (T* w = InputWeights.ReadOnlyValues, u = RecurrentWeights.ReadOnlyValues, b = ValuesOf(Find(nameof(Bias))))
        fixed (T* peepholes = ValuesOf(Peepholes), gain = ValuesOf(Gain), projection = ValuesOf(Projection))
        fixed (T* x = input, y = output, h0 = hidden, c0 = cell)
        fixed (T* h = PartOf(finalState, 0), c = PartOf(finalState, 1))
        {
            RecurrentPass<T> pass = GeneralPass(steps, finalState.Batch) with
            {
                InputWeights = w,
                RecurrentWeights = u,
                WeightsVersion = training ? 0 : WeightsVersion,
                Input = x,
                Output = y,
                InitialHidden = h0,
                InitialCell = c0,
                SharedInitial = learnt,
                FinalHidden = h,
                FinalCell = c,
            };
            LstmCellPass<T> cells = CellPass() with
            {
                Bias = b,
                Peepholes = peepholes,
                Gain = gain,
                Projection = projection,
            };
            engine.Forward(pass, cells, mask is null ? default : mask.Values, training, Threads);
        }
    }

    private unsafe void BackwardGeneral(
        Sequence<T> input,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        Parameter<T>? bias = Find(nameof(Bias));
        fixed (T* w = InputWeights.ReadOnlyValues, u = RecurrentWeights.ReadOnlyValues, b = ValuesOf(bias))
        fixed (T* peepholes = ValuesOf(Peepholes), gain = ValuesOf(Gain), projection = ValuesOf(Projection))
        fixed (T* dw = InputWeights.Gradients, du = RecurrentWeights.Gradients, db = GradientsOf(bias))
        fixed (T* dPeepholes = GradientsOf(Peepholes), dGain = GradientsOf(Gain), dProjection = GradientsOf(Projection))
        fixed (T* x = input.Values, dx = inputGradient.Values, dy = outputGradient.Values)
        fixed (T* dh0 = PartOf(initialStateGradient, 0), dc0 = PartOf(initialStateGradient, 1))
        fixed (T* dh = PartOf(finalStateGradient, 0), dc = PartOf(finalStateGradient, 1))
        {
            RecurrentPass<T> pass = GeneralPass(input.Steps, input.Batch) with
            {
                InputWeights = w,
                RecurrentWeights = u,
                Input = x,
            };
            LstmCellPass<T> cells = CellPass() with
            {
                Bias = b,
                BiasGradient = db,
                Peepholes = peepholes,
                PeepholeGradient = dPeepholes,
                Gain = gain,
                GainGradient = dGain,
                Projection = projection,
                ProjectionGradient = dProjection,
            };
            RecurrentGradients<T> gradients = new()
            {
                Output = dy,
                FinalHidden = dh,
                FinalCell = dc,
                Input = dx,
                InitialHidden = dh0,
                InitialCell = dc0,
                InputWeights = dw,
                RecurrentWeights = du,
            };
            _generalTraining.Value.Backward(pass, cells, gradients, Threads);
        }

        for (int sequence = 0; _usedOwnStart && Options.LearnInitialState && sequence < input.Batch; sequence++)
        {
            AddColumn(InitialHidden!, initialStateGradient.Parts[0], sequence);
            AddColumn(InitialCell!, initialStateGradient.Parts[1], sequence);
        }
    }

    private static void AddColumn(Parameter<T> parameter, StatePart<T> gradient, int sequence) => TensorPrimitives.Add(
        parameter.Gradients, gradient.Values.Slice(sequence * parameter.Count, parameter.Count), parameter.Gradients);

    private RecurrentPass<T> GeneralPass(int steps, int batch) => new()
    {
        Steps = steps,
        Batch = batch,
        Inputs = Inputs,
        Units = HiddenUnits,
        Outputs = Outputs,
        InputDropout = Options.InputDropout,
        RecurrentDropout = Options.RecurrentDropout,
        DropoutPerGate = Options.DropoutPerGate,
        MaskSeed = SplitMix64.At(MaskSeed, (ulong)Call),
        LookBack = Options.LookBack ?? 0,
    };

    private LstmCellPass<T> CellPass() => new()
    {
        Coupled = Options.CoupledGates,
        Epsilon = Options.NormalizationEpsilon,
        CellClip = Options.CellClip ?? 0,
        GateClip = Options.GateClip ?? 0,
        Gate = Options.GateActivation.Function,
        Candidate = Options.CandidateActivation.Function,
        Output = Options.OutputActivation.Function,
        CellZoneout = Options.CellZoneout,
        HiddenZoneout = Options.HiddenZoneout,
    };
}

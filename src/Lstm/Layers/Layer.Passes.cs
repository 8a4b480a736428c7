using System.Numerics;

namespace Lstm.Layers;

/// <content>What surrounds the Core methods in each pass: checks, memory, and what is kept for the next call.</content>
public abstract partial class Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<int, (LayerState<T> Final, LayerState<T> InitialGradient)> _states = [];
    private readonly List<LayerState<T>> _spare = [];

    /// <summary>A state of one sequence, to compare others with.</summary>
    private LayerState<T> Template => field ??= CreateState(1);

    /// <summary>Whether a pass may start where the one before it ended, for which it must be given the steps in order.</summary>
    internal virtual bool CarriesState => false;

    /// <summary>Sets a state to that before the first step, as <see cref="CreateState"/> makes it.</summary>
    internal virtual void Start(LayerState<T> state) => state.Reset();

    /// <summary>The steps of the output for an input of so many.</summary>
    internal int OutputSteps(int steps) => GivesOneStep ? 1 : steps;

    /// <summary>A forward pass into a given sequence, or one of the layer's own if null, and a given final state.</summary>
    internal Sequence<T> ForwardInto(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T>? output, LayerState<T> finalState)
    {
        CheckStart(input, initialState);

        // An exception on the way leaves no pass that could be run back.
        _seenInput = null;
        _initialStateGradient = null;
        if (output is null)
        {
            output = _output;
            output.Resize(OutputSteps(input.Steps), input.Batch);
        }

        StepMask? mask = input.Gaps;
        if (mask is not null && MaskSupport == MaskSupport.EachStep)
        {
            ForwardEachValid(input, mask, output);
        }
        else
        {
            ForwardCore(input, initialState, output, finalState);
        }

        output.Mask = OutputMask(input);
        (_seenInput, _seenOutput, _seen) = (input, output, (input.Steps, input.Batch, mask));
        _finalState = finalState;
        return output;
    }

    /// <summary>A backward pass into a given sequence, or one of the layer's own if null, and a given state.</summary>
    internal Sequence<T> BackwardInto(
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T>? inputGradient,
        LayerState<T> initialStateGradient)
    {
        Sequence<T> input = InputToRunBack();
        _seenInput = null;
        if (inputGradient is null)
        {
            inputGradient = _inputGradient;
            inputGradient.Resize(_seen.Steps, _seen.Batch);
        }

        if (_seen.Mask is not null && MaskSupport == MaskSupport.EachStep)
        {
            BackwardEachValid(_seen.Mask, outputGradient, inputGradient);
        }
        else
        {
            BackwardCore(input, _seenOutput!, outputGradient, finalStateGradient, inputGradient, initialStateGradient);
        }

        inputGradient.Mask = input.Mask;
        _initialStateGradient = initialStateGradient;
        return inputGradient;
    }

    private void CheckInput(Sequence<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Guard.Shape(input.Features == Inputs, $"a sequence of {Inputs} features", $"{input}", nameof(input));
        if (input.Gaps is not null && MaskSupport == MaskSupport.None)
        {
            throw new ArgumentException($"{nameof(input)} must have no mask, for {this} takes none: its MaskSupport is None.", nameof(input));
        }

        CheckValues(input.Values, input.Gaps);
    }

    private void CheckInfer(ReadOnlySpan<T> input, ReadOnlySpan<T> output, LayerState<T>? state, int batch)
    {
        CheckState(state, batch, nameof(state));
        Guard.Shape(!input.Overlaps(output), "apart from the input in memory", "overlapping it", nameof(output));
    }

    /// <summary>The input of a forward pass that has not been run back.</summary>
    private Sequence<T> InputToRunBack() => _seenInput ?? throw new InvalidOperationException(
        "Forward must be called before Backward, once for each backward pass.");

    /// <summary>The mask of the output: each sequence has its one step, whatever its length.</summary>
    private StepMask? OutputMask(Sequence<T> input) => GivesOneStep ? null : input.Mask;

    private (LayerState<T> Final, LayerState<T> InitialGradient) States(int batch)
    {
        if (!_states.TryGetValue(batch, out (LayerState<T> Final, LayerState<T> InitialGradient) states))
        {
            states = (CreateState(batch), CreateState(batch));
            _states.Add(batch, states);
        }

        return states;
    }

    /// <summary>A state before the first step for a call that was given none, without an allocation once warm.</summary>
    private LayerState<T> RentState(int batch)
    {
        lock (_spare)
        {
            for (int n = _spare.Count - 1; n >= 0; n--)
            {
                LayerState<T> state = _spare[n];
                if (state.Batch == batch)
                {
                    _spare.RemoveAt(n);
                    Start(state);
                    return state;
                }
            }
        }

        return CreateState(batch);
    }

    private void ReturnState(LayerState<T> state)
    {
        lock (_spare)
        {
            _spare.Add(state);
        }
    }

    /// <summary>Refuses a forward pass that the layer, as it is now, cannot start; nothing has changed yet.</summary>
    private protected virtual void CheckStart(Sequence<T> input, LayerState<T>? initialState)
    {
    }

    private protected void CheckState(LayerState<T>? state, int batch, string name)
    {
        if (state is null)
        {
            return;
        }

        LayerState<T> template = Template;
        if (state.Batch != batch || state.GetType() != template.GetType() || !state.HasPartsOf(template))
        {
            throw new ArgumentException($"{name} must be {CreateState(batch)}, but is {state}.", name);
        }
    }
}

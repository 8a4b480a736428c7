namespace Lstm.Layers;

/// <summary>One run of <see cref="GradientCheck"/>.</summary>
internal sealed class GradientCheckRun
{
    private readonly Layer<double> _layer;
    private readonly GradientCheckOptions _options;
    private readonly Random _random;

    // Copies, so that what is moved to and fro is never the caller's.
    private readonly Sequence<double> _input;
    private readonly LayerState<double> _state;

    // The loss: its gradients, and the outputs and final state at the point where it counts as zero.
    private readonly Sequence<double> _outputGradient;
    private readonly LayerState<double> _finalStateGradient;
    private readonly Sequence<double> _baseOutput;
    private readonly LayerState<double> _baseState;

    private readonly List<GradientDifference> _worst = [];
    private long _elements;

    public GradientCheckRun(
        Layer<double> layer, Sequence<double> input, LayerState<double>? initialState, GradientCheckOptions options)
    {
        Guard.Shape(
            layer.Parameters.Count > 0 || layer.CreateState(1).Parts.Count > 0 || options.CheckInput,
            "one with a gradient to check, be it the input's",
            $"{layer} with {nameof(GradientCheckOptions.CheckInput)} off",
            nameof(layer));
        (_layer, _options, _random) = (layer, options, new Random(options.Seed));

        // Copied before the first pass, which may overwrite it: the caller may hand in what belongs to the layer. That
        // pass gets the caller's state itself, so that the layer refuses one that it cannot take.
        _input = input.Clone();
        double[][] given = initialState is null ? [] : [.. initialState.Parts.Select(part => part.Values.ToArray())];
        _baseOutput = layer.Forward(_input, initialState).Clone();
        _state = layer.CreateState(input.Batch);
        for (int n = 0; n < given.Length; n++)
        {
            given[n].CopyTo(_state.Parts[n].Values);
        }

        _baseState = layer.CreateState(input.Batch);
        _baseState.CopyFrom(layer.FinalState);
        _outputGradient = new Sequence<double>(_baseOutput.Steps, _baseOutput.Batch, _baseOutput.Features);
        Draw(_outputGradient.Values);
        _finalStateGradient = layer.CreateState(input.Batch);
        foreach (StatePart<double> part in _finalStateGradient.Parts)
        {
            Draw(part.Values);
        }
    }

    private delegate Span<double> Numbers();

    public GradientReport Run()
    {
        (double[][] parameters, double[] input, double[][] state) = Analytic();
        for (int n = 0; n < parameters.Length; n++)
        {
            Parameter<double> parameter = _layer.Parameters[n];
            Check(NameOf(n), parameter.ChangeValues, parameters[n], Matrix(parameter.Rows));
        }

        if (_options.CheckInput)
        {
            int columns = _input.Features;
            Check("input", () => _input.Values, input, at => [at / columns / _input.Batch, at / columns % _input.Batch, at % columns]);
        }

        for (int n = 0; n < state.Length; n++)
        {
            StatePart<double> part = _state.Parts[n];
            Check($"initial {part.Name}", () => part.Values, state[n], Matrix(part.Value.RowCount));
        }

        return new GradientReport(_layer.ToString().Split(Environment.NewLine)[0], _elements, _options.Tolerance, _worst);
    }

    private static Func<int, int[]> Matrix(int rows) => at => [at % rows, at / rows];

    /// <summary>The gradients as the layer computes them. What its accumulators held is put back.</summary>
    private (double[][] Parameters, double[] Input, double[][] State) Analytic()
    {
        double[][] accumulated = [.. _layer.Parameters.Select(parameter => parameter.Gradients.ToArray())];
        try
        {
            _layer.ZeroGradient();
            _layer.Forward(_input, _state);
            double[] input = _layer.Backward(_outputGradient, _finalStateGradient).Values.ToArray();
            return (
                [.. _layer.Parameters.Select(parameter => parameter.Gradients.ToArray())],
                input,
                [.. _layer.InitialStateGradient.Parts.Select(part => part.Values.ToArray())]);
        }
        finally
        {
            for (int n = 0; n < accumulated.Length; n++)
            {
                accumulated[n].CopyTo(_layer.Parameters[n].Gradients);
            }
        }
    }

    private void Check(string name, Numbers numbers, double[] analytic, Func<int, int[]> index)
    {
        int[] elements = [.. Enumerable.Range(0, analytic.Length)];
        if (elements.Length > _options.MaximumElements)
        {
            _random.Shuffle(elements);
            elements = elements[.._options.MaximumElements];
        }

        _elements += elements.Length;
        GradientDifference Compare(int at)
        {
            double numeric = Derivative(numbers, at);
            return new GradientDifference(name, index(at), analytic[at], numeric, RelativeError(analytic[at], numeric));
        }

        _worst.Add(elements.Select(Compare).MaxBy(difference => difference.RelativeError)!);
    }

    private double Derivative(Numbers numbers, int at)
    {
        double x = numbers()[at];
        double h = _options.Step * Math.Max(1, Math.Abs(x));
        try
        {
            return (Loss(numbers, at, x - (2 * h)) - Loss(numbers, at, x + (2 * h))
                + (8 * (Loss(numbers, at, x + h) - Loss(numbers, at, x - h)))) / (12 * h);
        }
        finally
        {
            numbers()[at] = x;
        }
    }

    /// <summary>
    /// The loss with one number changed, less what it was before. Taken from the differences of the single outputs, which
    /// are as small as the change, it has none of the rounding of a large sum.
    /// </summary>
    private double Loss(Numbers numbers, int at, double value)
    {
        numbers()[at] = value;
        double loss = Weigh(_outputGradient.Values, _layer.Forward(_input, _state).Values, _baseOutput.Values);
        IReadOnlyList<StatePart<double>> parts = _layer.FinalState.Parts;
        for (int n = 0; n < parts.Count; n++)
        {
            loss += Weigh(_finalStateGradient.Parts[n].Values, parts[n].Values, _baseState.Parts[n].Values);
        }

        return loss;
    }

    private static double Weigh(ReadOnlySpan<double> weights, ReadOnlySpan<double> values, ReadOnlySpan<double> from)
    {
        double sum = 0;
        for (int n = 0; n < weights.Length; n++)
        {
            sum += weights[n] * (values[n] - from[n]);
        }

        return sum;
    }

    private double RelativeError(double analytic, double numeric)
    {
        double error = Math.Abs(analytic - numeric)
            / Math.Max(Math.Max(Math.Abs(analytic), Math.Abs(numeric)), _options.Floor);
        return double.IsFinite(error) ? error : double.PositiveInfinity;
    }

    private string NameOf(int parameter)
    {
        string name = _layer.Parameters[parameter].Name;
        bool alone = _layer.Parameters.Count(other => other.Name == name) == 1;
        return alone ? name : $"{name} ({nameof(Layer<>.Parameters)}[{parameter}])";
    }

    private void Draw(Span<double> values)
    {
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = (2 * _random.NextDouble()) - 1;
        }
    }
}

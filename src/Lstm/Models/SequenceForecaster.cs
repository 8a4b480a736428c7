using System.Numerics;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Metrics;
using Lstm.Optimizers;
using Lstm.Training;

namespace Lstm.Models;

/// <summary>
/// Foresees the next steps of a series, with intervals. It takes logarithms and differences where they are asked for or the
/// training data need them, scales what is left as they say, and reads it with LSTM layers.
/// </summary>
/// <remarks>
/// <para>
/// The intervals are those of split conformal prediction: the end of the training series is held back from the network, and
/// for each step ahead an interval is as wide as the share <see cref="SequenceForecasterOptions.Coverage"/> of the errors there,
/// and no narrower than that of the step before (in logarithms, where they are taken).
/// Errors and widths are in proportion to how lively the series is in the window that is read (normalized nonconformity,
/// Papadopoulos, Gammerman and Vovk 2008), so that calm times have narrow intervals and lively ones wide.
/// </para>
/// <para>
/// One thread at a time may train it. Any number of threads may ask it at once, but not while it is trained.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class SequenceForecaster<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LeastEpochs = 20;
    private const int MostEpochs = 70;
    private const int DefaultUpdates = 800;
    private const double DefaultClipNorm = 1;
    private const double DefaultLearningRate = 0.005;

    private FeatureScaling? _scaling;
    private double[]? _widths;

    /// <summary>Makes a model that has learnt nothing yet.</summary>
    /// <param name="options">How it is made and trained; the defaults if null.</param>
    /// <param name="known">The further series that are known beforehand (<see cref="TimeSeries.Known"/>); at least 0, and 0 unless said.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="known"/> is negative.</exception>
    /// <exception cref="ArgumentException">A seasonal difference is asked for without a season.</exception>
    public SequenceForecaster(SequenceForecasterOptions? options = null, int known = 0)
    {
        Guard.NotNegative(known);
        Options = options ?? new SequenceForecasterOptions();
        Guard.Shape(
            Options.SeasonalDifference != true || Options.Season != 1,
            "with a Season of more than 1 step for a seasonal difference",
            "with one of 1",
            nameof(options));
        Known = known;
        var random = new Random(Options.Seed);
        Network<T> stack = Models.Network.Stack<T>(
            1 + (known * StepsAtOnce), Options.HiddenUnits, new StackOptions { Layers = Options.Layers }, random.Next());
        Network = new Network<T>(stack, new DenseLayer<T>(Options.HiddenUnits, StepsAtOnce, random.Next()));
    }

    /// <summary>How it was made and is trained.</summary>
    public SequenceForecasterOptions Options { get; }

    /// <summary>The number of further series that are known beforehand.</summary>
    public int Known { get; }

    /// <summary>
    /// The network: at each step the scaled change of the series and what is known of the steps to come, to the scaled changes
    /// of the next steps, all of the horizon or the first.
    /// </summary>
    public Network<T> Network { get; }

    /// <summary>The most threads that a call may use, from 1; the number of processors unless set. It changes no result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads
    {
        get => Network.Threads;
        set => Network.Threads = value;
    }

    private int StepsAtOnce => Options.Recursive ? 1 : Options.Horizon;

    /// <summary>Trains the model on one series.</summary>
    /// <param name="series">The series; long enough for a window, a horizon and what is held back.</param>
    /// <param name="training">How it is trained; as for several series if null.</param>
    /// <param name="optimizer">What changes the weights; as for several series if null.</param>
    /// <param name="progress">Is told of every step and epoch.</param>
    /// <param name="cancellation">Stops the training between two steps.</param>
    /// <returns>The history of the training.</returns>
    /// <inheritdoc cref="Fit(IReadOnlyList{TimeSeries}, TrainerOptions?, Optimizer{T}?, IProgress{TrainingProgress}?, CancellationToken)" path="/exception"/>
    public TrainingReport Fit(
        TimeSeries series,
        TrainerOptions? training = null,
        Optimizer<T>? optimizer = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default) => Fit([series], training, optimizer, progress, cancellation);

    /// <summary>Trains the model on several series of the same kind.</summary>
    /// <param name="series">The series; each long enough for a window, a horizon and what is held back.</param>
    /// <param name="training">
    /// How it is trained; if null, so many epochs that the weights change some 800 times, but from 20 to 70, with gradients clipped at
    /// a norm of 1 and a learning rate that falls along a cosine.
    /// </param>
    /// <param name="optimizer">What changes the weights; AdamW at a rate of 0.005 if null.</param>
    /// <param name="progress">Is told of every step and epoch.</param>
    /// <param name="cancellation">Stops the training between two steps.</param>
    /// <returns>The history of the training.</returns>
    /// <exception cref="ArgumentNullException">The list or a series is null.</exception>
    /// <exception cref="ArgumentException">
    /// The list is empty, a series is too short for a window, a horizon and what must be held back
    /// (<see cref="SequenceForecasterOptions.Calibration"/>), has another number of further series, or a number that has no
    /// logarithm; or a seasonal difference is asked for, and no season is found.
    /// </exception>
    /// <exception cref="NonFiniteLossException">The loss became NaN or infinite.</exception>
    public TrainingReport Fit(
        IReadOnlyList<TimeSeries> series,
        TrainerOptions? training = null,
        Optimizer<T>? optimizer = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(series);
        Guard.Shape(series.Count > 0, "a list of at least one series", "empty", nameof(series));
        foreach (TimeSeries one in series)
        {
            Check(one, nameof(series));
        }

        int[] ends = [.. series.Select(one => TrainingEnd(one, series.Count))];
        SeriesPreparation preparation = Prepare(series, ends);
        SeriesTransform[] transforms = [.. series.Select(one => new SeriesTransform(one.Values, preparation, nameof(series)))];
        Preparation = preparation;
        _scaling = LearnScaling(series, transforms, ends);
        var examples = new List<Example<T>>();
        for (int n = 0; n < series.Count; n++)
        {
            for (int start = preparation.Skipped; start + Options.Window + StepsAtOnce <= ends[n]; start++)
            {
                examples.Add(Example(series[n], transforms[n], start));
            }
        }

        int updates = (examples.Count + Options.BatchSize - 1) / Options.BatchSize;
        int epochs = Math.Clamp(DefaultUpdates / updates, LeastEpochs, MostEpochs);
        var trainer = new Trainer<T>(
            optimizer ?? new AdamWOptimizer<T>(new AdamWOptions { LearningRate = DefaultLearningRate }),
            training ?? new TrainerOptions { Epochs = epochs, ClipNorm = DefaultClipNorm, Schedule = new CosineSchedule() });
        var batches = new ExampleBatches<T>(examples, Options.BatchSize, new ExampleBatchOptions { ShuffleSeed = Options.Seed });
        TrainingReport report = trainer.Fit(
            new NetworkObjective<T>(Network, new MeanSquaredError<T>()), batches, null, progress, cancellation);
        _widths = Widths(series, transforms, ends);
        return report;
    }

    /// <summary>Foresees the steps behind the end of a series.</summary>
    /// <param name="series">The series; at least a window and what its differences need. What is known must reach over the horizon.</param>
    /// <returns>The forecast of each step of the horizon, with its interval.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="series"/> is null.</exception>
    /// <exception cref="ArgumentException">The series is too short, has other further series, or a number that has no logarithm.</exception>
    /// <exception cref="InvalidOperationException">The model has not been trained.</exception>
    public Forecast Forecast(TimeSeries series)
    {
        Check(series, nameof(series));
        double[] widths = _widths ?? throw new InvalidOperationException("Fit must be called before Forecast.");
        SeriesTransform transform = new(series.Values, Prepared, nameof(series));
        Guard.Shape(
            series.Values.Count >= LeastSteps, $"of at least {LeastSteps} steps", $"of {series.Values.Count}", nameof(series));
        CheckKnown(series, series.Values.Count + Options.Horizon, nameof(series));
        int origin = series.Values.Count - 1;
        double[] levels = Levels(series, transform, origin);
        double liveliness = Liveliness(transform, origin);
        return new Forecast(
            [.. levels.Select(transform.ToValue)],
            [.. levels.Select((level, h) => transform.ToValue(level - (liveliness * widths[h])))],
            [.. levels.Select((level, h) => transform.ToValue(level + (liveliness * widths[h])))]);
    }

    /// <summary>Opens a stream: a series of which the values are told one by one, with a forecast whenever it is asked for.</summary>
    /// <returns>A stream that belongs to the caller. There is nothing to close.</returns>
    /// <exception cref="InvalidOperationException">The model has not been trained.</exception>
    public ForecasterStream<T> OpenStream() => new(this);

    /// <summary>
    /// Forecasts from every step of the end of a series on, with what was known then, and compares with the naive and the
    /// seasonal naive forecast. The model stays as it is: train it on the first steps alone.
    /// </summary>
    /// <param name="series">The series.</param>
    /// <param name="firstSteps">The steps that the model may have learnt from; the forecasts begin behind them.</param>
    /// <returns>The errors and the coverage.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="series"/> is null.</exception>
    /// <exception cref="ArgumentException">The first steps are too few, or no horizon is left behind them.</exception>
    /// <exception cref="InvalidOperationException">The model has not been trained.</exception>
    public Backtest Backtest(TimeSeries series, int firstSteps)
    {
        ArgumentNullException.ThrowIfNull(series);
        int horizon = Options.Horizon;
        IReadOnlyList<double> values = series.Values;
        int season = Prepared.Season;
        int least = Math.Max(LeastSteps, season + 1);
        Guard.Shape(
            firstSteps >= least && firstSteps + horizon <= values.Count,
            $"from {least} to {values.Count - horizon}, so that a horizon of {horizon} is left of {values.Count} steps",
            $"{firstSteps}",
            nameof(firstSteps));
        List<double> actual = [], model = [], naive = [], seasonal = [];
        int covered = 0;
        for (int origin = firstSteps - 1; origin + horizon < values.Count; origin++)
        {
            Forecast forecast = Forecast(series.First(origin + 1));
            for (int h = 0; h < horizon; h++)
            {
                double value = values[origin + 1 + h];
                actual.Add(value);
                model.Add(forecast.Values[h]);
                naive.Add(values[origin]);
                seasonal.Add(values[origin + 1 + (h % season) - season]);
                covered += value >= forecast.Lower[h] && value <= forecast.Upper[h] ? 1 : 0;
            }
        }

        double[] history = [.. values.Take(firstSteps)];
        ForecastErrors Errors(List<double> forecasts) => ForecastErrors.Of([.. forecasts], [.. actual], history, season);
        return new Backtest(
            actual.Count / horizon, Errors(model), Errors(naive), Errors(seasonal), (double)covered / actual.Count);
    }

    /// <summary>Says what the model is.</summary>
    /// <returns>Its horizon, what is done to the series, and its network, line by line.</returns>
    public override string ToString() => string.Join(
        Environment.NewLine,
        $"SequenceForecaster<{typeof(T).Name}> of {Options.Horizon} steps from {Options.Window}{(Preparation is null ? "" : $", {Preparation}")}",
        Network);

    private void Check(TimeSeries series, string name)
    {
        ArgumentNullException.ThrowIfNull(series, name);
        Guard.Shape(series.Known.Count == Known, $"with {Known} further series", $"with {series.Known.Count}", name);
    }

    private static void CheckKnown(TimeSeries series, int steps, string name)
    {
        if (series.Known.Count > 0)
        {
            Guard.Shape(
                series.Known[0].Count >= steps, $"with further series of at least {steps} steps", $"with some of {series.Known[0].Count}", name);
        }
    }

    private FeatureScaling LearnScaling(IReadOnlyList<TimeSeries> series, SeriesTransform[] transforms, int[] ends)
    {
        int skipped = Prepared.Skipped;
        var parts = new List<Sequence<double>>();
        for (int n = 0; n < series.Count; n++)
        {
            var part = new Sequence<double>(ends[n] - skipped, 1, 1 + Known);
            for (int t = 0; t < part.Steps; t++)
            {
                part[t, 0, 0] = transforms[n].Change[skipped + t];
                for (int k = 0; k < Known; k++)
                {
                    part[t, 0, 1 + k] = series[n].Known[k][skipped + t];
                }
            }

            parts.Add(part);
        }

        return FeatureScaling.Learn(parts);
    }

    private double Scaled(double value, int feature) => (value - _scaling!.Offsets[feature]) * _scaling.Factors[feature];

    /// <summary>The input of a step: the change there, and what is known of the steps that its output is about.</summary>
    private void FillInput(TimeSeries series, double change, int step, Span<T> input)
    {
        input[0] = T.CreateTruncating(Scaled(change, 0));
        for (int k = 0; k < Known; k++)
        {
            IReadOnlyList<double> known = series.Known[k];
            for (int h = 0; h < StepsAtOnce; h++)
            {
                // Beyond the end of what is known only a step is asked whose output nobody reads.
                input[1 + (k * StepsAtOnce) + h] =
                    T.CreateTruncating(Scaled(known[Math.Min(step + 1 + h, known.Count - 1)], 1 + k));
            }
        }
    }

    /// <summary>
    /// A window, and at each of its steps the changes of the next ones. The first half of the steps does not count: there the
    /// network has seen too little.
    /// </summary>
    private Example<T> Example(TimeSeries series, SeriesTransform transform, int start)
    {
        int window = Options.Window;
        var inputs = new Sequence<T>(window, 1, Network.Inputs);
        var targets = new Sequence<T>(window, 1, StepsAtOnce);
        var weights = new T[window];
        for (int t = 0; t < window; t++)
        {
            FillInput(series, transform.Change[start + t], start + t, inputs.At(t, 0));
            weights[t] = t >= window / 2 ? T.One : T.Zero;
            for (int h = 0; h < StepsAtOnce; h++)
            {
                targets[t, 0, h] = T.CreateTruncating(Scaled(transform.Change[start + t + 1 + h], 0));
            }
        }

        return Data.Example<T>.OfTargets(inputs, targets, weights);
    }

    /// <summary>The levels that are foreseen behind a step.</summary>
    private double[] Levels(TimeSeries series, SeriesTransform transform, int origin)
    {
        int window = Options.Window;
        var inputs = new Sequence<T>(window, 1, Network.Inputs);
        for (int t = 0; t < window; t++)
        {
            int step = origin + 1 - window + t;
            FillInput(series, transform.Change[step], step, inputs.At(t, 0));
        }

        LayerState<T> state = Network.CreateState(1);
        Span<T> last = Network.Infer(inputs, state).At(window - 1, 0);
        double[] changes = new double[Options.Horizon];
        var input = new T[Network.Inputs];
        for (int h = 0; h < changes.Length; h++)
        {
            if (h >= StepsAtOnce)
            {
                FillInput(series, changes[h - 1], origin + h, input);
                Network.Step(input, state, last);
            }

            double scaled = double.CreateTruncating(last[h % StepsAtOnce]);
            changes[h] = (scaled / _scaling!.Factors[0]) + _scaling.Offsets[0];
        }

        transform.ToLevels(origin, changes);
        return changes;
    }
}

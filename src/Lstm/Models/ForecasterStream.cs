using System.Numerics;
using Lstm.Data;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// A series that a <see cref="SequenceForecaster{T}"/> is told value by value, as they come, and forecasts from wherever it is:
/// what <see cref="SequenceForecaster{T}.Forecast"/> gives on the whole history, to the last bit. It keeps the latest values,
/// as many as a forecast reads, and can be saved, restored, copied and reset.
/// </summary>
/// <remarks>
/// Different streams of one model may be used by different threads at the same time; one stream is for one call at a time, and
/// a second one is refused. The model must not be trained meanwhile, but may be in between.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>: what the model computes with. Values are kept in double.</typeparam>
public sealed class ForecasterStream<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StreamCore<double> _core;

    internal ForecasterStream(SequenceForecaster<T> model)
    {
        Model = model;
        _core = new StreamCore<double>(new LayerState<double>(
            1,
            [
                new StatePart<double>("Values", model.StepsRead, 1),
                .. Enumerable.Range(0, model.Known).Select(k => new StatePart<double>($"Known{k}", model.StepsRead, 1)),
            ]));
    }

    /// <summary>The model.</summary>
    public SequenceForecaster<T> Model { get; }

    /// <summary>The values observed since the start or the latest <see cref="Reset"/>.</summary>
    public long Steps => _core.Steps;

    /// <summary>Takes in the next value of the series, without an allocation.</summary>
    /// <param name="value">The value; finite, and above 0 if the model takes logarithms.</param>
    /// <param name="known">The further series at the same step, one number each (<see cref="TimeSeries.Known"/>); finite.</param>
    /// <exception cref="ArgumentException">A number is not finite or has no logarithm, or there are other further series.</exception>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Observe(double value, params ReadOnlySpan<double> known)
    {
        Guard.Length(known.Length, Model.Known, "one for each further series", nameof(known));
        Guard.Shape(
            double.IsFinite(value) && (value > 0 || !Model.Prepared.Logarithm),
            Model.Prepared.Logarithm ? $"finite and {SeriesTransform.Positive}" : "finite",
            $"{value}",
            nameof(value));
        TimeSeries.CheckFinite(known, nameof(known));
        _core.Enter();
        Push(0, value);
        for (int k = 0; k < known.Length; k++)
        {
            Push(1 + k, known[k]);
        }

        _core.Steps++;
        _core.Leave();
    }

    /// <summary>Foresees the steps behind the latest value.</summary>
    /// <param name="known">
    /// The further series at the steps of the horizon, the next one first; at least a horizon of each, finite. What is beyond is
    /// not read.
    /// </param>
    /// <returns>The forecast of each step of the horizon, with its interval.</returns>
    /// <exception cref="ArgumentNullException">A further series is null.</exception>
    /// <exception cref="ArgumentException">There are other further series, or one is too short or not finite.</exception>
    /// <exception cref="InvalidOperationException">
    /// Fewer values have been observed than it reads, or another call on this stream has not
    /// returned yet.
    /// </exception>
    public Forecast Forecast(params IReadOnlyList<IReadOnlyList<double>> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        Guard.Length(known.Count, Model.Known, "one for each further series", nameof(known));
        double[][] ahead = [.. known.Select(Ahead)];
        _core.Enter();
        try
        {
            if (Steps < Model.LeastSteps)
            {
                throw new InvalidOperationException(
                    $"Observe must be called {Model.LeastSteps} times or more before Forecast, but was {Steps} times.");
            }

            return Model.Forecast(new TimeSeries(
                Latest(0), [.. ahead.Select((numbers, k) => (IReadOnlyList<double>)[.. Latest(1 + k), .. numbers])]));
        }
        finally
        {
            _core.Leave();
        }
    }

    /// <summary>Forgets all values.</summary>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Reset()
    {
        _core.Enter();
        _core.State.Reset();
        _core.Steps = 0;
        _core.Leave();
    }

    /// <summary>Makes another stream that stands where this one does, and goes its own way from there.</summary>
    /// <returns>A stream of the same model.</returns>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public ForecasterStream<T> Clone()
    {
        var clone = new ForecasterStream<T>(Model);
        _core.CopyTo(clone._core);
        return clone;
    }

    /// <inheritdoc cref="ModelStream{T}.Save()"/>
    public byte[] Save() => _core.Save();

    /// <inheritdoc cref="ModelStream{T}.Save(Stream)"/>
    public void Save(Stream stream) => _core.Save(stream);

    /// <inheritdoc cref="ModelStream{T}.Restore(ReadOnlySpan{byte})"/>
    public void Restore(ReadOnlySpan<byte> saved) => _core.Restore(saved);

    /// <inheritdoc cref="ModelStream{T}.Restore(Stream)"/>
    public void Restore(Stream stream) => _core.Restore(stream);

    /// <summary>Says whose stream this is, and how far it has come.</summary>
    /// <returns>The number of values, and the model.</returns>
    public override string ToString() => $"ForecasterStream<{typeof(T).Name}> after {Steps} steps of {Model}";

    /// <summary>The numbers of a part that have been observed, the oldest first.</summary>
    private double[] Latest(int part)
    {
        Span<double> kept = _core.State.Parts[part].Values;
        return kept[(int)Math.Max(0, kept.Length - Steps)..].ToArray();
    }

    private void Push(int part, double value)
    {
        Span<double> kept = _core.State.Parts[part].Values;
        kept[1..].CopyTo(kept);
        kept[^1] = value;
    }

    private double[] Ahead(IReadOnlyList<double> series)
    {
        ArgumentNullException.ThrowIfNull(series, "known");
        int horizon = Model.Options.Horizon;
        Guard.Shape(series.Count >= horizon, $"series of at least {horizon} steps", $"one of {series.Count}", "known");
        double[] ahead = [.. series.Take(horizon)];
        TimeSeries.CheckFinite(ahead, "known");
        return ahead;
    }
}

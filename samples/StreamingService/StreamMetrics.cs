using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StreamingService;

/// <summary>What the service counts: <c>dotnet-counters monitor --counters Lstm.StreamingService</c> shows it.</summary>
public sealed class StreamMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Lstm.StreamingService";

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _removed;
    private readonly Counter<long> _refused;

    public StreamMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _duration = _meter.CreateHistogram<double>(
            "stream.step.duration", "s", "The time of a step of the model; its count is that of the steps.");
        _removed = _meter.CreateCounter<long>("stream.keys.removed", "{key}", "Keys whose state was forgotten, by reason.");
        _refused = _meter.CreateCounter<long>("stream.requests.refused", "{request}", "Requests refused, by reason.");
    }

    /// <summary>A step was taken.</summary>
    public void Stepped(TimeSpan duration) => _duration.Record(duration.TotalSeconds);

    /// <summary>A key was removed.</summary>
    public void Removed(string reason) => _removed.Add(1, Reason(reason));

    /// <summary>A request was refused.</summary>
    public void Refused(string reason) => _refused.Add(1, Reason(reason));

    /// <summary>Lets the number of keys be read.</summary>
    public void Watch(StreamStore store) =>
        _meter.CreateObservableGauge("stream.keys", () => store.Count, "{key}", "Keys with a state.");

    private static TagList Reason(string reason) => new() { { "reason", reason } };
}

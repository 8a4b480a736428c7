using Lstm.Models;

namespace StreamingService;

/// <summary>The stream of one key. Steps that arrive at the same time are taken one after the other.</summary>
public sealed class StreamSession(ModelStream<float> stream, long now)
{
    private readonly Lock _gate = new();
    private long _lastUse = now;
    private bool _closed;

    /// <summary>The steps taken, and the time stamp of the last.</summary>
    public (long Steps, long LastUse) Use
    {
        get
        {
            lock (_gate)
            {
                return (stream.Steps, _lastUse);
            }
        }
    }

    /// <summary>Takes a step.</summary>
    /// <returns>Its number, or 0 if the session has been closed, and nothing was done.</returns>
    public long Step(ReadOnlySpan<float> input, Span<float> output, long time)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return 0;
            }

            stream.Step(input, output);
            _lastUse = time;
            return stream.Steps;
        }
    }

    /// <summary>Closes the session if it has not been used since a time. A closed one takes no more steps.</summary>
    /// <returns>Whether this call has closed it.</returns>
    public bool Close(long unusedSince)
    {
        lock (_gate)
        {
            bool closes = !_closed && _lastUse <= unusedSince;
            _closed |= closes;
            return closes;
        }
    }
}

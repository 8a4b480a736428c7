using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>What streams have in common: a state, the steps taken, one call at a time, and bytes to go on from.</summary>
internal sealed class StreamCore<T>(LayerState<T> state)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _busy;

    public LayerState<T> State => state;

    public long Steps { get; set; }

    /// <summary>Holds the stream for one call.</summary>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException("A stream is for one call at a time, but another one has not returned yet, or this one was given it twice.");
        }
    }

    public void Leave() => Volatile.Write(ref _busy, 0);

    /// <summary>Puts another stream, of which nobody else knows yet, where this one stands.</summary>
    public void CopyTo(StreamCore<T> other)
    {
        Enter();
        other.State.CopyFrom(state);
        other.Steps = Steps;
        Leave();
    }

    public byte[] Save()
    {
        Enter();
        try
        {
            return StreamFormat.Write(state, Steps);
        }
        finally
        {
            Leave();
        }
    }

    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Save());
    }

    public void Restore(ReadOnlySpan<byte> saved)
    {
        Enter();
        try
        {
            Steps = StreamFormat.Read(saved, state);
        }
        finally
        {
            Leave();
        }
    }

    public void Restore(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Restore(StreamFormat.ReadBytes(stream, state));
    }
}

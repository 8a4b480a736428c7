namespace Lstm.Benchmarks.Measuring;

/// <summary>The seconds of the best run, and the bytes that a run allocates on the heap.</summary>
internal readonly record struct Measurement(double Seconds, long AllocatedBytes)
{
    public double Milliseconds => Seconds * 1e3;
}

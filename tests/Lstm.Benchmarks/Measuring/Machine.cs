using System.Runtime.InteropServices;
using BenchmarkDotNet.Environments;

namespace Lstm.Benchmarks.Measuring;

/// <summary>What figures depend on beside the shape, in words.</summary>
internal static class Machine
{
    public static string Describe(Type element, int threads)
    {
        string processor = HostEnvironmentInfo.GetCurrent().CpuInfo.Value?.ProcessorName ?? "unknown processor";
        string vectors = FmaPeak.VectorBits == 0 ? "no vectors" : $"vectors of {FmaPeak.VectorBits} bits";
        return $"{processor}, {vectors}, {NameOf(element)}, {(threads == 1 ? "1 thread" : $"{threads} threads")} of "
            + $"{Environment.ProcessorCount} processors, FMA peak of one core {FmaPeak.Gigaflops(element):F1} GFLOP/s, "
            + RuntimeInformation.FrameworkDescription;
    }

    public static string NameOf(Type element) => element == typeof(float) ? "float" : "double";
}

using System.Diagnostics;

namespace Lstm.Fuzz;

/// <summary>Reads mutated files one after the other until one is not treated as it should be.</summary>
public static class FuzzRun
{
    /// <summary>What reading may allocate besides twice the file. All that is allocated counts, also what was freed again.</summary>
    private const long FreeBytes = 16_000_000;

    private const int Retries = 2;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(1);

    /// <summary>Reads so many mutations, which follow from the seed.</summary>
    public static FuzzReport Run(FileKind kind, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(kind);
        byte[][] files = [.. kind.Files()];
        int loaded = 0;
        long most = long.MinValue;
        TimeSpan longest = TimeSpan.Zero;
        foreach (byte[] file in files)
        {
            // Compiled before anything is measured, and proven to be read as it is.
            kind.Read(file);
        }

        for (int n = 0; n < count; n++)
        {
            var random = new Random((seed * 1_000_003) + n);
            byte[] file = kind.Mutate(files[random.Next(files.Length)], files[random.Next(files.Length)], random);
            FuzzReading reading = Read(kind, file);
            loaded += reading.Succeeded ? 1 : 0;
            (most, longest) = (Math.Max(most, reading.Bytes), reading.Time > longest ? reading.Time : longest);
            if (reading.Failure is not null)
            {
                return new FuzzReport(
                    kind.Name, n + 1, loaded, most, longest, $"mutation {n} of seed {seed}, {file.Length} bytes: {reading.Failure}");
            }
        }

        return new FuzzReport(kind.Name, count, loaded, most, longest, null);
    }

    /// <summary>Reads one file, and says what came of it.</summary>
    public static FuzzReading Read(FileKind kind, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(file);
        FuzzReading reading = Measure(kind, file);
        for (int again = 0; again < Retries && reading.Time > MostTime; again++)
        {
            // The machine may have done something else meanwhile.
            reading = reading with { Time = Measure(kind, file).Time };
        }

        string? failure = reading.Failure
            ?? (reading.Bytes > FreeBytes ? $"{reading.Bytes} bytes beyond twice the file were allocated" : null)
            ?? (reading.Time > MostTime ? $"it took {reading.Time.TotalSeconds:F2} s" : null);
        return reading with { Failure = failure };
    }

    private static FuzzReading Measure(FileKind kind, byte[] file)
    {
        string? failure = null;
        bool read = false;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        try
        {
            kind.Read(file);
            read = true;
        }
        catch (Exception e)
        {
            failure = e.GetType() == kind.Refusal ? null : $"{e}";
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        return new FuzzReading(read, GC.GetAllocatedBytesForCurrentThread() - before - (2L * file.Length), time, failure);
    }
}

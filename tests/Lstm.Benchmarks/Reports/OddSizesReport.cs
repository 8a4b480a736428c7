using System.Numerics;
using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Reports;

/// <summary>The rate of sizes that do not fill the vectors or the registers, beside the next round size.</summary>
internal static class OddSizesReport
{
    private static readonly (Shape Odd, Shape Round)[] Pairs =
    [
        (OfUnits(100), OfUnits(112)),
        (OfUnits(100), OfUnits(128)),
        (OfUnits(129), OfUnits(144)),
        (OfUnits(650), OfUnits(656)),
        (new Shape(64, 32, 1, 128), new Shape(64, 32, 16, 128)),
        .. Enumerable.Range(1, 9).Select(batch => (OfBatch(batch), OfBatch(PowerOfTwoAbove(batch)))),
    ];

    public static void Write(LstmTimer timer, Effort effort, int rounds, TextWriter output)
    {
        var table = new MarkdownTable(
            "T B I H",
            "inference, GFLOP/s",
            "training, GFLOP/s",
            "round size",
            "inference, of its rate",
            "training, of its rate");
        foreach ((Shape odd, Shape round) in Pairs)
        {
            Times[] times = Turns.Best(
                [share => timer.PassTimes(odd, share), share => timer.PassTimes(round, share)], effort, rounds);
            (double inference, double training) = Gigaflops(odd, times[0]);
            (double roundInference, double roundTraining) = Gigaflops(round, times[1]);
            table.Add(
                odd.ToString(),
                Figures.Short(inference),
                Figures.Short(training),
                round.ToString(),
                $"{inference / roundInference:P0}",
                $"{training / roundTraining:P0}");
        }

        table.Write(output);
    }

    private static Shape OfUnits(int units) => new(35, 20, units, units);

    private static Shape OfBatch(int batch) => new(64, batch, 128, 128);

    private static int PowerOfTwoAbove(int batch) => (int)BitOperations.RoundUpToPowerOf2((uint)batch + 1);

    private static (double Inference, double Training) Gigaflops(Shape shape, Times times) => (
        shape.InferenceOperations / times.Inference * 1e-6, shape.TrainingOperations / times.Training!.Value * 1e-6);
}

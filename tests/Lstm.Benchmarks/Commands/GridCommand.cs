using System.CommandLine;
using Lstm.Benchmarks.Measuring;
using Lstm.Benchmarks.Reports;

namespace Lstm.Benchmarks.Commands;

/// <summary><c>grid</c>: inference and training of each shape, a line each.</summary>
internal static class GridCommand
{
    public static Command Create(TextWriter output)
    {
        Option<int> threads = Options.Threads();
        Option<IReadOnlyList<Shape>> shapes = Options.Shapes();
        Option<Type> element = Options.Element();
        Option<IReadOnlyList<Variant>> variants = Options.Variants();
        Option<double> seconds = Options.Seconds();
        var percent = new Option<bool>("--percent")
        {
            Description = "Follow each line by the percentage of the peak, as a comment",
        };
        var command = new Command("grid", "Prints T B I H lstm INFERENCE_MS TRAINING_MS ALLOCATED_BYTES for each shape")
        {
            threads, shapes, element, variants, seconds, percent,
        };
        command.SetAction(result => Run(
            result.GetRequiredValue(element),
            result.GetRequiredValue(threads),
            result.GetRequiredValue(shapes),
            result.GetRequiredValue(variants),
            Effort.Of(result.GetRequiredValue(seconds)),
            result.GetValue(percent),
            output));
        return command;
    }

    private static void Run(
        Type element,
        int threads,
        IReadOnlyList<Shape> shapes,
        IReadOnlyList<Variant> variants,
        Effort effort,
        bool percent,
        TextWriter output)
    {
        output.WriteLine($"# {Machine.Describe(element, threads)}");
        var timer = new LstmTimer(element, threads);
        foreach ((Shape shape, Variant variant) in shapes.SelectMany(shape => variants.Select(variant => (shape, variant))))
        {
            // Clocks drift, so the peak is measured around each shape.
            double before = percent ? FmaPeak.Gigaflops(element) : 0;
            (Measurement inference, Measurement training) = timer.Pass(shape, effort, variant);
            output.WriteLine(
                $"{shape} {variant.Name} {Figures.Plain(inference.Milliseconds)} {Figures.Plain(training.Milliseconds)} "
                + $"{inference.AllocatedBytes + training.AllocatedBytes}");
            if (percent)
            {
                double after = FmaPeak.Gigaflops(element);
                double peak = (before + after) / 2 * 1e9 * threads;
                output.WriteLine(
                    $"# {shape.InferenceOperations / inference.Seconds / peak:P1} and "
                    + $"{shape.TrainingOperations / training.Seconds / peak:P1} of the peak, "
                    + $"{before:F1} GFLOP/s a core before and {after:F1} after");
            }
        }
    }
}

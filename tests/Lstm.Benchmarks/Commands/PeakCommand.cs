using System.CommandLine;
using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Commands;

/// <summary><c>peak</c>: what one core can do at most.</summary>
internal static class PeakCommand
{
    public static Command Create(TextWriter output)
    {
        Option<Type> element = Options.Element();
        var command = new Command("peak", "Prints TYPE VECTOR_BITS GFLOPS, the peak of one core")
        {
            element,
        };
        command.SetAction(result =>
        {
            Type type = result.GetRequiredValue(element);
            output.WriteLine($"{Machine.NameOf(type)} {FmaPeak.VectorBits} {FmaPeak.Gigaflops(type):F1}");
        });
        return command;
    }
}

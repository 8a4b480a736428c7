using System.Globalization;
using Lstm.Benchmarks.Commands;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return BenchmarkCommand.Run(args, Console.Out, Console.Error);

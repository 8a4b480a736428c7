using System.Globalization;
using Lstm.Fuzz;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return FuzzCommand.Run(args, Console.Out, Console.Error);

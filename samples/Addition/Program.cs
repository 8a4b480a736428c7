using System.Globalization;
using Addition;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return AdditionCommand.Run(args, Console.Out, Console.Error);

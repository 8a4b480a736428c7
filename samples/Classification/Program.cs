using System.Globalization;
using Classification;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return ClassificationCommand.Run(args, Console.Out, Console.Error);

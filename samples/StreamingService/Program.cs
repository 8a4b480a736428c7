using System.Globalization;
using StreamingService;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return ServiceCommand.Run(args, Console.Out, Console.Error);

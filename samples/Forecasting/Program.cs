using System.Globalization;
using Forecasting;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return ForecastingCommand.Run(args, Console.Out, Console.Error);

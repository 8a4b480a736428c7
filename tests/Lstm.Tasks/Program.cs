using System.Globalization;
using Lstm.Tasks;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return TasksCommand.Run(args, Console.Out, Console.Error);

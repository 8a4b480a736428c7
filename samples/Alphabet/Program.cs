using System.Globalization;
using Alphabet;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return AlphabetCommand.Run(args, Console.Out, Console.Error);

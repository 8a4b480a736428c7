using System.Globalization;
using LanguageModel;

// Numbers are read and written with a point, whatever the culture of the machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// The first Ctrl+C ends the training and keeps what has been learnt; the second ends the program.
using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
};
return LanguageModelCommand.Run(args, Console.Out, Console.Error, cancellation.Token);

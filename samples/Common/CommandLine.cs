using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Samples.Common;

/// <summary>What the command lines of all samples have in common.</summary>
public static class CommandLine
{
    /// <summary>The exit code of a program that did what it was asked to do.</summary>
    public const int Right = 0;

    /// <summary>The exit code of a program that failed at it.</summary>
    public const int Wrong = 1;

    /// <summary>The exit code of a program that was asked to do something that it cannot do.</summary>
    public const int BadUsage = 2;

    /// <summary>Runs a command, unless an option is bad.</summary>
    /// <returns>
    /// What the command returns; <see cref="BadUsage"/> if an option or the data is bad, <see cref="Wrong"/> if the loss or a
    /// gradient became NaN or infinite.
    /// </returns>
    public static int Run(RootCommand command, string[] args, TextWriter output, TextWriter error)
    {
        ParseResult result = command.Parse(args);
        if (result.Action is ParseErrorAction)
        {
            foreach (ParseError problem in result.Errors)
            {
                error.WriteLine(problem.Message);
            }

            error.WriteLine("--help shows the options.");
            return BadUsage;
        }

        try
        {
            return result.Invoke(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (DataException exception)
        {
            error.WriteLine(exception.Message);
            return BadUsage;
        }
        catch (ArithmeticException exception)
        {
            error.WriteLine($"Training stopped. {exception.Message}");
            error.WriteLine("A lower --learning-rate may help.");
            return Wrong;
        }
    }

    /// <summary>The lines of a text file.</summary>
    /// <exception cref="DataException">There is no such file, or it cannot be read.</exception>
    public static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{file}' cannot be read. {exception.Message}", exception);
        }
    }

    /// <summary>An option with a text of at least one character.</summary>
    public static Option<string> Text(string name, string description, string standard) => new(name)
    {
        Description = description,
        HelpName = "text",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string value = result.Tokens.Single().Value;
            if (value.Length == 0)
            {
                result.AddError($"{name} must have at least one character.");
            }

            return value;
        },
    };

    /// <summary>An option with the name of a file or folder; null unless it is given.</summary>
    public static Option<string?> Path(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "path",
    };

    /// <summary>An option that is <c>true</c> or <c>false</c>.</summary>
    public static Option<bool> Switch(string name, string description, bool standard) => new(name)
    {
        // The help shows no default of truth values.
        Description = $"{description}; {(standard ? "true" : "false")} if not given",
        HelpName = "true or false",
        DefaultValueFactory = _ => standard,
    };

    /// <summary>An option that is <c>true</c> or <c>false</c>; null unless it is given.</summary>
    public static Option<bool?> Switch(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "true or false",
    };

    /// <summary>An option that is one of the names of an enumeration, in capitals or not.</summary>
    public static Option<T> Choice<T>(string name, string description, T standard)
        where T : struct, Enum => new(name)
        {
            Description = $"{description}: {Choices<T>()}",
            HelpName = "name",
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                string given = result.Tokens.Single().Value;
                bool isName = Enum.GetNames<T>().Contains(given, StringComparer.OrdinalIgnoreCase);
                if (!isName)
                {
                    result.AddError($"{name} must be one of {Choices<T>()}, but is '{given}'.");
                }

                return isName ? Enum.Parse<T>(given, ignoreCase: true) : standard;
            },
        };

    /// <summary>An option within a range, read without regard to the culture of the machine.</summary>
    public static Option<T> Number<T>(string name, string description, T standard, T least, T most)
        where T : INumber<T> => new(name)
        {
            Description = description,
            HelpName = "number",
            DefaultValueFactory = _ => standard,
            CustomParser = result => Parsed(result, name, least, most),
        };

    /// <summary>An option within a range, read without regard to the culture of the machine; null unless it is given.</summary>
    public static Option<T?> NumberOrNone<T>(string name, string description, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = "number",
            CustomParser = result => Parsed(result, name, least, most),
        };

    private static T? Parsed<T>(ArgumentResult result, string name, T least, T most)
        where T : INumber<T>
    {
        string given = result.Tokens.Single().Value;
        NumberStyles style = typeof(T) == typeof(int) ? NumberStyles.Integer : NumberStyles.Float;
        if (!T.TryParse(given, style, CultureInfo.InvariantCulture, out T? value) || !(value >= least && value <= most))
        {
            string kind = typeof(T) == typeof(int) ? "a whole number" : "a number";
            result.AddError($"{name} must be {kind} from {least} to {most}, but is '{given}'.");
        }

        return value;
    }

    private static string Choices<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>());
}

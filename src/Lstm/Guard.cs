using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm;

/// <summary>
/// Checks at the public edge. Each message says what was expected and what came. Those of one value give it back, so that
/// <c>init => field = Guard.Positive(value, nameof(Steps))</c> is a property that is checked.
/// </summary>
internal static class Guard
{
    /// <summary>The library computes in <see cref="float"/> or <see cref="double"/>; every other type is refused.</summary>
    public static void ElementType<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"The element type must be float or double, but is {typeof(T).Name}.");
        }
    }

    public static TValue NotNull<TValue>(
        [NotNull] TValue? value, [CallerArgumentExpression(nameof(value))] string name = "")
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }

    public static int Positive(int value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value <= 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1, but is {value}.");
        }

        return value;
    }

    /// <summary>A whole number that is not negative.</summary>
    public static TNumber NotNegative<TNumber>(TNumber value, [CallerArgumentExpression(nameof(value))] string name = "")
        where TNumber : IBinaryInteger<TNumber>
    {
        if (TNumber.IsNegative(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0, but is {value}.");
        }

        return value;
    }

    /// <summary>A positive number if there is one.</summary>
    public static int? Positive(int? value, string name) => value is { } given ? Positive(given, name) : null;

    /// <summary>A finite number within [low, high]; NaN is out of every range.</summary>
    public static double InRange(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= low && value <= high && double.IsFinite(value)))
        {
            string expected = (double.IsFinite(low), double.IsFinite(high)) switch
            {
                (true, true) => $"from {low} to {high}",
                (true, false) => $"finite and at least {low}",
                _ => "finite",
            };
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {expected}, but is {value}.");
        }

        return value;
    }

    /// <summary>A finite number within [low, high] if there is one.</summary>
    public static double? InRange(double? value, double low, double high, string name) =>
        value is { } given ? InRange(given, low, high, name) : null;

    /// <summary>A finite number above zero.</summary>
    public static double AboveZero(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and above 0, but is {value}.");
        }

        return value;
    }

    /// <summary>A finite number above zero if there is one.</summary>
    public static double? AboveZero(double? value, string name) => value is { } given ? AboveZero(given, name) : null;

    /// <summary>A number of at least 0 and below 1: a rate of dropout, a momentum.</summary>
    public static double Rate(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and below 1, but is {value}.");
        }

        return value;
    }

    /// <summary>A number of at least 0 and below 1, if there is one.</summary>
    public static double? Rate(double? value, string name) => value is { } given ? Rate(given, name) : null;

    /// <summary>A probability that is neither 0 nor 1.</summary>
    public static double Probability(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0 and below 1, but is {value}.");
        }

        return value;
    }

    /// <summary>A number above 0 and at most 1.</summary>
    public static double Share(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0 and at most 1, but is {value}.");
        }

        return value;
    }

    /// <summary>One of the values that an enumeration names.</summary>
    public static TEnum Defined<TEnum>(TEnum value, [CallerArgumentExpression(nameof(value))] string name = "")
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"{name} must be one of {string.Join(", ", Enum.GetNames<TEnum>())}, but is {value}.");
        }

        return value;
    }

    public static void Index(int index, int count, [CallerArgumentExpression(nameof(index))] string name = "")
    {
        if ((uint)index >= (uint)count)
        {
            throw new ArgumentOutOfRangeException(name, index, $"{name} must be from 0 to {count - 1}, but is {index}.");
        }
    }

    /// <summary>The number of elements of a matrix, which must fit into an array.</summary>
    public static int Size(
        int rows,
        int columns,
        [CallerArgumentExpression(nameof(rows))] string rowsName = "",
        [CallerArgumentExpression(nameof(columns))] string columnsName = "")
    {
        Positive(rows, rowsName);
        Positive(columns, columnsName);
        long size = (long)rows * columns;
        if (size > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                rowsName, $"{rowsName} × {columnsName} must be at most {Array.MaxLength}, but is {rows} × {columns}.");
        }

        return (int)size;
    }

    public static void Length(int actual, long expected, string meaning, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{name} must have {expected} elements ({meaning}), but has {actual}.", name);
        }
    }

    /// <summary>Refuses what has another shape. The texts are put together only then: this stands on hot paths.</summary>
    public static void Shape(
        bool holds,
        [InterpolatedStringHandlerArgument(nameof(holds))] GuardText expected,
        [InterpolatedStringHandlerArgument(nameof(holds))] GuardText actual,
        string name)
    {
        if (!holds)
        {
            throw new ArgumentException($"{name} must be {expected.ToString()}, but is {actual.ToString()}.", name);
        }
    }
}

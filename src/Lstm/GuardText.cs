using System.Runtime.CompilerServices;

namespace Lstm;

/// <summary>A part of a message that is put together only where a check fails; see <see cref="Guard.Shape"/>.</summary>
[InterpolatedStringHandler]
internal ref struct GuardText
{
    private readonly string? _constant;
    private DefaultInterpolatedStringHandler _text;

    public GuardText(int literalLength, int formattedCount, bool holds, out bool needed)
    {
        needed = !holds;
        _text = needed ? new(literalLength, formattedCount) : default;
    }

    private GuardText(string constant) => _constant = constant;

    public static implicit operator GuardText(string constant) => new(constant);

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<TValue>(TValue value) => _text.AppendFormatted(value);

    public override string ToString() => _constant ?? _text.ToStringAndClear();
}

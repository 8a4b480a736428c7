using System.Numerics;

namespace Lstm.Layers;

/// <summary>What layers whose input is the index of a token have in common.</summary>
internal static class TokenInput
{
    /// <summary>float's exact integers end here; beyond, two tokens could have one index.</summary>
    private const int MaxTokens = 1 << 24;

    /// <summary>A number of different tokens, checked.</summary>
    public static int Count(int tokens)
    {
        Guard.InRange(tokens, 1, MaxTokens);
        return tokens;
    }

    /// <summary>Refuses an input with something else than indices from 0 to <paramref name="tokens"/> − 1 at its valid steps.</summary>
    public static void Check<T>(ReadOnlySpan<T> input, StepMask? mask, int tokens)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T limit = T.CreateChecked(tokens);
        for (int n = 0; n < input.Length; n++)
        {
            T token = input[n];
            if (!(token >= T.Zero && token < limit && T.IsInteger(token)) && mask?.Values[n] != false)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(input), token, $"input must hold whole numbers from 0 to {tokens - 1}, but element {n} is {token}.");
            }
        }
    }
}

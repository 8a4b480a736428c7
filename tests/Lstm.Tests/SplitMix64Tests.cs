namespace Lstm.Tests;

public class SplitMix64Tests
{
    /// <summary>
    /// The first outputs for the seed 1234567, as the generator's page at Rosetta Code lists them, from the C program of
    /// Sebastiano Vigna.
    /// </summary>
    private static readonly ulong[] Published =
    [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
    ];

    [Fact]
    public void At_PublishedSeed_GivesPublishedNumbers()
    {
        // From the last to the first: no output depends on those before it.
        for (int n = Published.Length - 1; n >= 0; n--)
        {
            SplitMix64.At(1234567, (ulong)n).Should().Be(Published[n]);
        }

        SplitMix64.At(SplitMix64.Next(1234567), 0).Should().Be(Published[1]);
    }
}

namespace Lstm.Models;

/// <summary>How often a model goes through its training data unless told: few data more often, for weights learn by steps.</summary>
internal static class DefaultEpochs
{
    /// <summary>The least number of epochs that makes so many steps, and no fewer than those given.</summary>
    public static int For(int batches, int epochs, int steps) => Math.Max(epochs, ((steps - 1) / batches) + 1);
}

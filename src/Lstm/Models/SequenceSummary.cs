namespace Lstm.Models;

/// <summary>What a <see cref="SequenceClassifier{T, TLabel}"/> takes of the hidden states of a sequence.</summary>
public enum SequenceSummary
{
    /// <summary>
    /// That of the last step. The direction that reads from the end has seen a single step there: with two directions the
    /// others say more.
    /// </summary>
    LastStep,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest number of each unit.</summary>
    Maximum,
}

namespace Lstm.Tests.Reference;

/// <summary>What a <see cref="ReferenceLstm"/> computes.</summary>
/// <param name="Output">h of every step, [step, sequence, unit].</param>
/// <param name="FinalHidden">h of the last step, H × B.</param>
/// <param name="FinalCell">c of the last step, H × B.</param>
internal sealed record ReferenceOutput(double[,,] Output, double[,] FinalHidden, double[,] FinalCell);

namespace Lstm.Metrics;

/// <summary>The class of a step of a sequence, and the class that was taken for it.</summary>
internal readonly record struct ClassPrediction(int Actual, int Predicted, double Weight);

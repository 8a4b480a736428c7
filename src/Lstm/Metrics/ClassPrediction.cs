namespace Lstm.Metrics;

/// <summary>The actual and the predicted class of a step of a sequence, and how much the step counts.</summary>
internal readonly record struct ClassPrediction(int Actual, int Predicted, double Weight);

namespace Lstm.Losses;

/// <summary>The loss of one number.</summary>
internal interface IElementLoss
{
    /// <summary>The loss of feature f of a step, and its derivative with respect to the prediction.</summary>
    (double Loss, double Slope) At(int feature, double prediction, double target);
}

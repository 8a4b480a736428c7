using Lstm.Losses;

namespace Lstm.Training;

/// <summary>Where a training is: all that decides how it goes on, besides parameters, optimizer and objective.</summary>
internal sealed class TrainingState
{
    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>The batch to come, from 0 to the batches of the epoch.</summary>
    public int Index { get; set; }

    /// <summary>The steps that have been taken.</summary>
    public long Step { get; set; }

    /// <summary>The loss of the epoch so far.</summary>
    public LossSum EpochLoss { get; set; }

    /// <summary>The norms of the gradients of the epoch so far, added up.</summary>
    public double EpochNorms { get; set; }

    /// <summary>The learning rate of the latest step.</summary>
    public double LearningRate { get; set; }

    /// <summary>The time of the steps of the epoch so far, in seconds.</summary>
    public double EpochSeconds { get; set; }

    /// <summary>The number of steps that had been taken at the latest validation; −1 before the first.</summary>
    public long ValidatedStep { get; set; } = -1;

    /// <summary>The loss of the latest validation; null before the first.</summary>
    public double? ValidationLoss { get; set; }

    /// <summary>The metric of the latest validation; null before the first.</summary>
    public double? Metric { get; set; }

    /// <summary>What the validations gave, the lower the better.</summary>
    public List<double> Scores { get; } = [];

    /// <summary>Which of the scores is the best; −1 before the first.</summary>
    public int Best { get; set; } = -1;

    /// <summary>The epoch of the best score, from 0.</summary>
    public int BestEpoch { get; set; }

    /// <summary>The epochs that are done.</summary>
    public List<EpochResult> History { get; } = [];

    /// <summary>Goes to the next epoch.</summary>
    public void NextEpoch()
    {
        Epoch++;
        (Index, EpochLoss, EpochNorms, EpochSeconds) = (0, default, 0, 0);
    }

    /// <summary>Takes in a score and says whether it is the best so far.</summary>
    public bool Add(double score, double minimumImprovement)
    {
        bool better = Best < 0 || score < Scores[Best] - minimumImprovement || double.IsNaN(Scores[Best]);
        Scores.Add(score);
        if (better)
        {
            (Best, BestEpoch) = (Scores.Count - 1, Epoch);
        }

        return better;
    }
}

using System.Numerics;
using Lstm.Losses;

namespace Lstm.Training;

/// <summary>Where a training is: all that decides how it goes on, besides parameters, optimizer and objective.</summary>
internal sealed class TrainingState
{
    /// <summary>The numbers of an epoch of the history.</summary>
    private const int EpochNumbers = 9;

    /// <summary>The whole numbers that a double holds exactly.</summary>
    private const long MostSteps = 1L << 53;

    /// <summary>A year, which no epoch takes.</summary>
    private const double LongestSeconds = 365 * 24 * 3600;

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>The batch to come, from 0 to the batches of the epoch.</summary>
    public int Index { get; set; }

    /// <summary>The batches of the epoch.</summary>
    public int Batches { get; set; }

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

    /// <summary>Writes all of it down.</summary>
    public void Save<T>(Snapshot<T> snapshot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        snapshot.SetNumbers("position", Epoch, Index, Batches, Step);
        snapshot.SetNumbers("epoch", EpochLoss.Sum, EpochLoss.Weight, EpochLoss.Items, EpochNorms, LearningRate, EpochSeconds);
        snapshot.SetNumbers("validation", ValidatedStep, OrNaN(ValidationLoss), OrNaN(Metric), Best, BestEpoch);
        snapshot.SetNumbers("scores", [.. Scores]);
        snapshot.SetNumbers("history", [.. History.SelectMany(Numbers)]);
    }

    /// <summary>Takes what was written down.</summary>
    /// <exception cref="InvalidDataException">It is not what <see cref="Save"/> writes.</exception>
    public void Restore<T>(Snapshot<T> snapshot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<double> position = snapshot.GetNumbers("position", 4);
        (Epoch, Index, Batches) = ((int)Whole(position[0]), (int)Whole(position[1]), (int)Whole(position[2]));
        Step = Whole(position[3], most: MostSteps);
        ReadOnlySpan<double> epoch = snapshot.GetNumbers("epoch", 6);
        EpochLoss = new LossSum(epoch[0], epoch[1], Whole(epoch[2], most: MostSteps));
        (EpochNorms, LearningRate, EpochSeconds) = (epoch[3], epoch[4], Seconds(epoch[5]));
        ReadOnlySpan<double> validation = snapshot.GetNumbers("validation", 5);
        (ValidatedStep, ValidationLoss, Metric) =
            (Whole(validation[0], -1, MostSteps), OrNull(validation[1]), OrNull(validation[2]));
        (Best, BestEpoch) = ((int)Whole(validation[3], -1), (int)Whole(validation[4]));
        Scores.Clear();
        Scores.AddRange(snapshot.GetNumbers("scores"));
        History.Clear();
        ReadOnlySpan<double> history = snapshot.GetNumbers("history");
        for (int start = 0; start < history.Length; start += EpochNumbers)
        {
            History.Add(EpochOf(history.Slice(start, Math.Min(EpochNumbers, history.Length - start))));
        }

        if (Best >= Scores.Count || Index > Batches)
        {
            throw new InvalidDataException(
                $"There is no validation {Best} of {Scores.Count}, or no batch {Index} of {Batches}.");
        }
    }

    private static double[] Numbers(EpochResult epoch) =>
    [
        epoch.Epoch,
        epoch.Steps,
        epoch.Loss,
        OrNaN(epoch.ValidationLoss),
        OrNaN(epoch.Metric),
        epoch.LearningRate,
        epoch.GradientNorm,
        epoch.ItemsPerSecond,
        epoch.Elapsed.TotalSeconds,
    ];

    private static EpochResult EpochOf(ReadOnlySpan<double> numbers) => numbers.Length == EpochNumbers
        ? new()
        {
            Epoch = (int)Whole(numbers[0]),
            Steps = Whole(numbers[1], most: MostSteps),
            Loss = numbers[2],
            ValidationLoss = OrNull(numbers[3]),
            Metric = OrNull(numbers[4]),
            LearningRate = numbers[5],
            GradientNorm = numbers[6],
            ItemsPerSecond = numbers[7],
            Elapsed = TimeSpan.FromSeconds(Seconds(numbers[8])),
        }
        : throw new InvalidDataException($"The history breaks off within an epoch, after {numbers.Length} of {EpochNumbers} numbers.");

    private static long Whole(double number, long least = 0, long most = int.MaxValue) =>
        number >= least && number <= most && double.IsInteger(number)
            ? (long)number
            : throw new InvalidDataException($"A whole number from {least} to {most} is needed where there is {number}.");

    private static double Seconds(double number) => number is >= 0 and <= LongestSeconds
        ? number
        : throw new InvalidDataException($"A number of seconds is needed where there is {number}.");

    private static double OrNaN(double? number) => number ?? double.NaN;

    private static double? OrNull(double number) => double.IsNaN(number) ? null : number;
}

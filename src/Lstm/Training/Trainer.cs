using System.Numerics;
using Lstm.Data;
using Lstm.Interchange;
using Lstm.Losses;
using Lstm.Optimizers;

namespace Lstm.Training;

/// <summary>
/// The training loop: epochs over batches, clipping, a schedule of the learning rate, validation, early stopping, reports
/// of progress, checkpoints.
/// </summary>
/// <remarks>
/// <para>
/// A step clears the gradients, has the objective add those of one batch, clips them, sets the learning rate and lets the
/// optimizer change the parameters. After each epoch, and in its middle if asked, the model is measured on the validation
/// data.
/// </para>
/// <para>
/// With a checkpoint file, a training that was killed goes on where the file says when it is started again in the same way,
/// and ends with the same bits as one that was not.
/// </para>
/// <para>
/// What comes out follows from the objective, the optimizer, the options and the data alone; not from the time it takes, the
/// number of threads, or who receives the reports.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a trainer.</summary>
    /// <param name="optimizer">What changes the parameters. Its learning rate is the one that the schedule starts from.</param>
    /// <param name="options">The settings; the defaults if null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="optimizer"/> is null.</exception>
    public Trainer(Optimizer<T> optimizer, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        (Optimizer, Options) = (optimizer, options ?? new TrainerOptions());
    }

    /// <summary>What changes the parameters.</summary>
    public Optimizer<T> Optimizer { get; }

    /// <summary>The settings.</summary>
    public TrainerOptions Options { get; }

    /// <summary>Trains.</summary>
    /// <typeparam name="TBatch">What the objective is trained on in one step.</typeparam>
    /// <param name="objective">What is trained.</param>
    /// <param name="training">What it is trained on.</param>
    /// <param name="validation">
    /// What it is measured on, its first epoch each time; nothing if null. It must not be the same object as
    /// <paramref name="training"/>.
    /// </param>
    /// <param name="progress">Receives a report after each step, validation and epoch; none is made if null.</param>
    /// <param name="cancellation">
    /// Ends the training between two steps. That is not an error: there is a report, and the model is one to use.
    /// </param>
    /// <returns>The history of the training. The optimizer has the learning rate again that it started with.</returns>
    /// <exception cref="ArgumentNullException">The objective or the training data are null.</exception>
    /// <exception cref="ArgumentException">
    /// Both sources are one, a source has no batches, there is no validation for a patience or a schedule that go by it, or
    /// the metric is to be watched but the objective has none.
    /// </exception>
    /// <exception cref="NonFiniteLossException">
    /// The loss or the norm of the gradients became NaN or infinite. The parameters are those before that step.
    /// </exception>
    /// <exception cref="ModelFormatException">The checkpoint to go on from is damaged, or of another training.</exception>
    /// <exception cref="IOException">A file of the options cannot be read or written.</exception>
    public TrainingReport Fit<TBatch>(
        Objective<T, TBatch> objective,
        IBatchSource<TBatch> training,
        IBatchSource<TBatch>? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(training);
        Guard.Shape(
            !ReferenceEquals(training, validation), "another source than training", "the same", nameof(validation));
        CheckCount(training, nameof(training));
        if (validation is not null)
        {
            CheckCount(validation, nameof(validation));
        }

        Guard.Shape(
            validation is not null || (Options.Patience is null && Options.Schedule is not PlateauSchedule),
            $"given for {(Options.Patience is null ? nameof(PlateauSchedule) : nameof(Options.Patience))}, which goes by it",
            "null",
            nameof(validation));
        Guard.Shape(
            Options.Monitor == TrainingMonitor.Loss || objective.MetricName is not null,
            "one with a metric, as Monitor asks for",
            "without",
            nameof(objective));
        return new TrainingRun<T, TBatch>(this, objective, training, validation, progress, cancellation).Run();
    }

    /// <summary>Measures a model on data, without a change to it.</summary>
    /// <typeparam name="TBatch">What the objective measures at a time.</typeparam>
    /// <param name="objective">What is measured.</param>
    /// <param name="data">What it is measured on: the first epoch.</param>
    /// <returns>The loss. The objective's metric may be asked for with it.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite.</exception>
    public static LossSum Evaluate<TBatch>(Objective<T, TBatch> objective, IBatchSource<TBatch> data)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(data);
        return Evaluate(objective, data, CancellationToken.None)!.Value;
    }

    /// <summary>The same; null if it was cancelled.</summary>
    internal static LossSum? Evaluate<TBatch>(
        Objective<T, TBatch> objective, IBatchSource<TBatch> data, CancellationToken cancellation)
    {
        data.Start(0);
        objective.Start(training: false);
        LossSum loss = default;
        for (int n = 0; n < data.Count; n++)
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }

            loss += objective.Evaluate(data[n]);
        }

        return loss;
    }

    private static void CheckCount<TBatch>(IBatchSource<TBatch> source, string name) =>
        Guard.Shape(source.Count > 0, "a source of at least one batch", $"one of {source.Count}", name);
}

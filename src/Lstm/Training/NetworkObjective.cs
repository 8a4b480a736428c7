using System.Numerics;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Metrics;

namespace Lstm.Training;

/// <summary>A network, or any layer, with a loss: what there is to train in most cases.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class NetworkObjective<T> : Objective<T, Batch<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Metric<T>? _metric;
    private readonly CarriedState<T>? _training;
    private readonly CarriedState<T>? _evaluation;
    private readonly Sequence<T> _output;
    private readonly string? _itemName;

    /// <summary>Makes an objective.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="loss">The loss to minimise. Batches of classes need a <see cref="SoftmaxCrossEntropy{T}"/>.</param>
    /// <param name="metric">What an evaluation reports beside the loss; nothing if null.</param>
    /// <param name="carryState">
    /// Whether each batch starts from the state in which the one before it ended, for texts in consecutive chunks
    /// (truncated backpropagation through time); false unless set: each starts from zeros.
    /// </param>
    /// <param name="itemName">What the steps of a sequence are called in reports, in the plural: "tokens", say.</param>
    /// <exception cref="ArgumentNullException">The network or the loss is null.</exception>
    public NetworkObjective(
        Layer<T> network, Loss<T> loss, Metric<T>? metric = null, bool carryState = false, string? itemName = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        (Network, Loss, _metric, _itemName) = (network, loss, metric, itemName);
        _output = new Sequence<T>(1, 1, network.Outputs);
        if (carryState)
        {
            (_training, _evaluation) = (new CarriedState<T>(network), new CarriedState<T>(network));
        }
    }

    /// <summary>What is trained.</summary>
    public Layer<T> Network { get; }

    /// <summary>The loss to minimise.</summary>
    public Loss<T> Loss { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => Network.Parameters;

    /// <summary>What was given; or "sequences" if the network gives one step, and "steps" otherwise.</summary>
    public override string ItemName => _itemName ?? (Network.GivesOneStep ? "sequences" : "steps");

    /// <inheritdoc/>
    public override string? MetricName => _metric?.Name;

    /// <inheritdoc/>
    public override bool HigherMetricIsBetter => _metric?.HigherIsBetter ?? true;

    /// <inheritdoc/>
    public override void Start(bool training)
    {
        (training ? _training : _evaluation)?.Forget();
        if (!training)
        {
            _metric?.Reset();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="batch"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The batch does not fit the network or the loss, or has other sequences than the state that is carried.
    /// </exception>
    public override LossSum Train(Batch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Sequence<T> output = Network.Forward(batch.Inputs, _training?.Before(batch.Inputs.Batch));
        _training?.Keep(Network.FinalState);
        bool overwrite = !Network.NeedsOutput;
        if (batch.Targets is not null)
        {
            Loss.Evaluate(output, batch.Targets, batch.Weights, overwrite);
        }
        else
        {
            LossOfClasses(batch).Evaluate(output, batch.Classes, batch.Weights, overwrite);
        }

        Network.Backward(Loss.Gradient);
        return Loss.Sum;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="batch"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The batch does not fit the network or the loss, or has other sequences than the state that is carried.
    /// </exception>
    public override LossSum Evaluate(Batch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _output.Resize(Network.OutputSteps(batch.Inputs.Steps), batch.Inputs.Batch);
        Network.Infer(batch.Inputs, _output, _evaluation?.Current(batch.Inputs.Batch));
        if (batch.Targets is null)
        {
            _metric?.Add(_output, batch.Classes, batch.Weights);
            return LossOfClasses(batch).Measure(_output, batch.Classes, batch.Weights);
        }

        _metric?.Add(_output, batch.Targets, batch.Weights);
        return Loss.Measure(_output, batch.Targets, batch.Weights);
    }

    /// <inheritdoc/>
    public override double Metric(LossSum loss) => _metric?.Value(loss) ?? double.NaN;

    /// <inheritdoc/>
    public override void Save(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Network.SaveTraining(snapshot.Part("network."));
        _training?.Save(snapshot.Part("state."));
    }

    /// <inheritdoc/>
    public override void Restore(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Network.RestoreTraining(snapshot.Part("network."));
        _training?.Restore(snapshot.Part("state."));
    }

    /// <summary>The loss as one of classes, which only cross-entropy is.</summary>
    private SoftmaxCrossEntropy<T> LossOfClasses(Batch<T> batch) => Loss as SoftmaxCrossEntropy<T>
        ?? throw new ArgumentException($"{nameof(batch)} must have targets for {Loss}, but is {batch}.", nameof(batch));
}

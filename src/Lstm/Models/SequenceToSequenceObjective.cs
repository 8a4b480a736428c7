using System.Numerics;
using System.Numerics.Tensors;
using Lstm.Data;
using Lstm.Losses;
using Lstm.Training;

namespace Lstm.Models;

/// <summary>
/// What an <see cref="EncoderDecoder{T}"/> is trained for: the cross-entropy of the target's tokens and its end. Its metric is
/// the share of the targets that greedy search would write without a mistake.
/// </summary>
/// <remarks>
/// The metric needs no search: greedy search writes the target if and only if, at each step and given the right tokens
/// before it, the right token is the most likely.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SequenceToSequenceObjective<T> : Objective<T, PairBatch<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string CallName = "call";

    private readonly EncoderDecoder<T> _network;
    private readonly SoftmaxCrossEntropy<T> _loss = new();
    private readonly Sequence<T> _sampled = new(1, 1, 1);

    // Training passes so far: the choices of scheduled sampling follow from the seed and this number.
    private long _call;
    private long _right;
    private long _pairs;

    /// <summary>Makes the objective.</summary>
    /// <param name="network">The network to train.</param>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    public SequenceToSequenceObjective(EncoderDecoder<T> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => _network.Parameters;

    /// <inheritdoc/>
    public override string ItemName => "tokens";

    /// <inheritdoc/>
    public override string? MetricName => "right";

    /// <summary>The networks with random masks, by the names of their parts of a checkpoint.</summary>
    private IEnumerable<(string Name, Network<T> Network)> Networks =>
        [("encoder.", _network.Encoder), ("embedding.", _network.TargetEmbedding), ("decoder.", _network.Decoder)];

    /// <inheritdoc/>
    public override void Start(bool training)
    {
        if (!training)
        {
            (_right, _pairs) = (0, 0);
        }
    }

    /// <inheritdoc/>
    public override LossSum Train(PairBatch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _loss.Threads = _network.Threads;
        Sequence<T> target = _network.Options.TeacherForcing == 1 ? batch.Target : Sample(batch);
        _call++;
        Sequence<T> logits = _network.Forward(batch.Source, target);
        _loss.Evaluate(logits, batch.Classes, batch.Weights, overwrite: !_network.Output.NeedsOutput);
        _network.Backward(_loss.Gradient);
        return _loss.Sum;
    }

    /// <inheritdoc/>
    public override LossSum Evaluate(PairBatch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Sequence<T> logits = _network.Infer(batch.Source, batch.Target);
        _pairs += logits.Batch;
        for (int b = 0; b < logits.Batch; b++)
        {
            _right += IsRight(logits, batch, b) ? 1 : 0;
        }

        return _loss.Measure(logits, batch.Classes, batch.Weights);
    }

    /// <inheritdoc/>
    public override double Metric(LossSum loss) => (double)_right / _pairs;

    /// <inheritdoc/>
    public override void Save(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        snapshot.SetNumbers(CallName, _call);
        foreach ((string name, Network<T> network) in Networks)
        {
            network.SaveTraining(snapshot.Part(name));
        }
    }

    /// <inheritdoc/>
    public override void Restore(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _call = snapshot.GetCount(CallName);
        foreach ((string name, Network<T> network) in Networks)
        {
            network.RestoreTraining(snapshot.Part(name));
        }
    }

    private static bool IsRight(Sequence<T> logits, PairBatch<T> batch, int pair)
    {
        bool right = true;
        for (int t = 0; right && t < logits.Steps; t++)
        {
            int at = (t * logits.Batch) + pair;
            right = batch.Weights[at] == T.Zero || TensorPrimitives.IndexOfMax<T>(logits.At(t, pair)) == batch.Classes[at];
        }

        return right;
    }

    /// <summary>
    /// The target with some of its tokens replaced by those that the network, run on what is before them, finds most
    /// likely.
    /// </summary>
    private Sequence<T> Sample(PairBatch<T> batch)
    {
        (int steps, int pairs) = (batch.Target.Steps, batch.Target.Batch);
        _sampled.Resize(steps, pairs);
        batch.Target.Values.CopyTo(_sampled.Values);
        ulong seed = SplitMix64.At((ulong)_network.Options.Seed, (ulong)_call);
        var run = new DecoderRun<T>(_network, batch.Source);
        for (int t = 1; t < steps; t++)
        {
            ReadOnlySpan<T> logits = run.Step();
            Span<T> tokens = _sampled.Step(t);
            for (int b = 0; b < pairs; b++)
            {
                // 53 bits, as many as a double has between 0 and 1.
                double draw = (SplitMix64.At(seed, (ulong)((t * pairs) + b)) >> 11) * (1.0 / (1L << 53));
                if (draw >= _network.Options.TeacherForcing)
                {
                    int classes = _network.Output.Outputs;
                    tokens[b] = T.CreateTruncating(TensorPrimitives.IndexOfMax(logits.Slice(b * classes, classes)));
                }

                run.Tokens[b] = int.CreateTruncating(tokens[b]);
            }
        }

        return _sampled;
    }
}

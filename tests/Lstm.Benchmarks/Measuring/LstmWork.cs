using System.Numerics;
using Lstm.Layers;

namespace Lstm.Benchmarks.Measuring;

/// <summary>An LSTM layer of a given shape, and the calls that are measured on it.</summary>
internal abstract class LstmWork
{
    /// <summary>The steps of one <see cref="Stream"/>, so that reading the clock does not count.</summary>
    public const int StreamSteps = 64;

    public static LstmWork Create(Type element, Shape shape, int threads, Variant? variant = null) => element == typeof(float)
        ? new LstmWork<float>(shape, threads, variant ?? Variant.Plain)
        : new LstmWork<double>(shape, threads, variant ?? Variant.Plain);

    /// <summary>All steps of the batch, without what backward needs.</summary>
    public abstract void Infer();

    /// <summary>All steps of the batch, with what backward needs.</summary>
    public abstract void Forward();

    /// <summary>Clears the gradients, and runs forward and back to all of them.</summary>
    public abstract void Train();

    /// <summary>Steps of the batch one by one.</summary>
    public abstract void Stream();
}

/// <inheritdoc cref="LstmWork"/>
internal sealed class LstmWork<T> : LstmWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LstmLayer<T> _layer;
    private readonly LstmState<T> _initial;
    private readonly LstmState<T> _state;
    private readonly Sequence<T> _input;
    private readonly Sequence<T> _output;
    private readonly Sequence<T> _outputGradient;

    public LstmWork(Shape shape, int threads, Variant variant)
    {
        var random = new Random(1);
        _layer = new LstmLayer<T>(shape.Inputs, shape.HiddenUnits, random, variant.Options) { Threads = threads };
        if (variant.SharesWeights)
        {
            // From now on they may be written to at any time, and inference keeps nothing that is made of them.
            _ = _layer.InputWeights.Values;
        }

        _initial = _layer.CreateState(shape.Batch);
        _state = _layer.CreateState(shape.Batch);
        _input = RandomSequence(shape, shape.Inputs, random);
        _input.Mask = variant.Mask(shape);
        _output = new Sequence<T>(shape.Steps, shape.Batch, _layer.Outputs);
        _outputGradient = RandomSequence(shape, _layer.Outputs, random);
    }

    public override void Infer() => _layer.Infer(_input, _output, _state);

    public override void Forward() => _layer.Forward(_input, _initial);

    public override void Train()
    {
        _layer.ZeroGradient();
        _layer.Forward(_input, _initial);
        _layer.Backward(_outputGradient);
    }

    public override void Stream()
    {
        for (int n = 0; n < StreamSteps; n++)
        {
            _layer.Step(_input.Step(0), _state, _output.Step(0));
        }
    }

    private static Sequence<T> RandomSequence(Shape shape, int features, Random random)
    {
        var sequence = new Sequence<T>(shape.Steps, shape.Batch, features);
        foreach (ref T value in sequence.Values)
        {
            value = T.CreateTruncating((2 * random.NextDouble()) - 1);
        }

        return sequence;
    }
}

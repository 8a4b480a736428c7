using System.Numerics;
using Lstm.Layers;

namespace Lstm.Tests.Support;

/// <summary>A layer and all that a training pass takes, drawn from the seed of a shape.</summary>
internal sealed class LstmCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Zeros, since all weights are drawn below: an orthogonal matrix of a thousand units takes seconds.</summary>
    private static readonly LstmOptions Options = new()
    {
        InputInitializer = Initializer.Zeros,
        RecurrentInitializer = Initializer.Zeros,
    };

    public LstmCase(Shape shape)
    {
        var random = new Random(shape.Seed);
        Layer = new LstmLayer<T>(shape.Inputs, shape.Units, random, Options) { Threads = 1 };
        Draw.Parameters(random, Layer);
        Input = Draw.Sequence<T>(random, shape.Steps, shape.Batch, shape.Inputs);
        InitialState = (LstmState<T>)Draw.State(random, Layer, shape.Batch);
        OutputGradient = Draw.Sequence<T>(random, shape.Steps, shape.Batch, shape.Units);
        FinalStateGradient = (LstmState<T>)Draw.State(random, Layer, shape.Batch);
    }

    public LstmLayer<T> Layer { get; }

    public Sequence<T> Input { get; }

    public LstmState<T> InitialState { get; }

    public Sequence<T> OutputGradient { get; }

    public LstmState<T> FinalStateGradient { get; }

    /// <summary>Forward and backward.</summary>
    public void Train()
    {
        Layer.Forward(Input, InitialState);
        Layer.Backward(OutputGradient, FinalStateGradient);
    }
}

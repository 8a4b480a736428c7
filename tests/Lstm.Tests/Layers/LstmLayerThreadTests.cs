using System.Numerics;
using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>Threads within a call, and calls at the same time.</summary>
public class LstmLayerThreadTests
{
    /// <summary>Large enough to be split by sequences, and by hidden units where there are few sequences.</summary>
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 6, 64, 32, 64 },
        { 12, 1, 100, 129 },
        { 5, 7, 33, 50 },
        { 4, 33, 5, 100 },
        { 6, 5, 64, 200 },
        { 8, 1, 100, 257 },
        { 8, 70, 8, 20 },
        { 3, 2, 4, 5 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Train_Threads_GivesTheSameBits(int steps, int batch, int inputs, int units)
    {
        SameBits<float>(new Shape(steps, batch, inputs, units, 1));
        SameBits<double>(new Shape(steps, batch, inputs, units, 2));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Infer_ManyAtOnce_GivesWhatEachGivesAlone(int steps, int batch, int inputs, int units)
    {
        const int Streams = 8;
        var given = new LstmCase<float>(new Shape(steps, batch, inputs, units, 1));
        LstmLayer<float> layer = given.Layer;
        layer.Threads = 2;
        Sequence<float>[] sequences =
            [.. Enumerable.Range(0, Streams).Select(n => Draw.Sequence<float>(new Random(n), steps, batch, inputs))];
        float[] Run(int stream)
        {
            LstmState<float> state = given.InitialState.Clone();
            float[] output = layer.Infer(sequences[stream], state).Values.ToArray();
            float[] withoutState = layer.Infer(sequences[stream]).Values.ToArray();
            float[] step = new float[batch * units];
            layer.Step(sequences[stream].Step(0), state, step);
            return [.. output, .. withoutState, .. step, .. Bits.Of(state)];
        }

        Together.GivesTheSameAsAlone(Streams, Run);
    }

    [Fact]
    public void Train_ManyLayersAtOnce_GivesWhatEachGivesAlone()
    {
        const int Layers = 4;
        static float[] Run(int seed)
        {
            var given = new LstmCase<float>(new Shape(6, 20, 16, 64, seed));
            given.Layer.Threads = 2;
            given.Train();
            return Bits.OfGradients(given.Layer);
        }

        Together.GivesTheSameAsAlone(Layers, Run);
    }

    [Fact]
    public void Threads_Unset_IsTheNumberOfProcessors() =>
        new LstmLayer<float>(2, 3).Threads.Should().Be(Environment.ProcessorCount);

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Threads_BelowOne_IsRefused(int threads)
    {
        var layer = new LstmLayer<float>(2, 3) { Threads = 3 };
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Threads = threads, "Threads", "at least 1", $"{threads}");
        layer.Threads.Should().Be(3);
    }

    private static void SameBits<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var given = new LstmCase<T>(shape);
        LstmLayer<T> layer = given.Layer;
        T[] Run(int threads)
        {
            layer.Threads = threads;
            layer.ZeroGradient();
            T[] output = layer.Forward(given.Input, given.InitialState).Values.ToArray();
            T[] inputGradient = layer.Backward(given.OutputGradient, given.FinalStateGradient).Values.ToArray();
            LstmState<T> state = given.InitialState.Clone();
            T[] inferred = layer.Infer(given.Input, state).Values.ToArray();
            return
            [
                .. output, .. Bits.Of(layer.FinalState), .. inputGradient, .. Bits.Of(layer.InitialStateGradient),
                .. Bits.OfGradients(layer), .. inferred, .. Bits.Of(state),
            ];
        }

        T[] one = Run(1);
        foreach (int threads in new[] { 2, 3, 5, 2, 1 })
        {
            Run(threads).Should().Equal(one, "{0} threads must do what one does", threads);
        }
    }
}

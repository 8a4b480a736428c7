using System.Numerics;
using Lstm.Kernels;
using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>
/// Layers on the general recurrent engine read weights where they lie for the first steps of a stream, and packed ones
/// after that and for sequences. To the last bit it makes no difference.
/// </summary>
[Collection(AloneCollection.Name)]
public class KeptRecurrentWeightsTests
{
    /// <summary>More steps than it takes until the weights are packed.</summary>
    private const int Steps = 20;

    public static TheoryData<string> Kinds =>
    [
        "gru", "gru of Cho", "gru without a bias", "rnn", "peepholes", "projection", "coupled", "normalized", "dropout per gate", "all",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_BeforeAndAfterPacking_GivesTheBitsOfInfer(string kind)
    {
        // Units below, at and beyond whole vectors and groups of them; depths that are and are not a multiple of four.
        foreach ((int inputs, int units) in (ReadOnlySpan<(int, int)>)[(1, 2), (3, 5), (8, 16), (5, 27), (16, 64), (70, 129)])
        {
            StepsAreInfer<float>(kind, inputs, units);
            StepsAreInfer<double>(kind, inputs, units);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [InlineData("lstm")]
    public void Infer_MaskedStepByStep_GivesTheBitsOfTheWhole(string kind)
    {
        const int Inputs = 5;
        Layer<float> layer = Create<float>(kind, Inputs, 27);
        Draw.Parameters(new Random(1), layer);
        int[] lengths = [13, 0, Steps, 17];
        Sequence<float> input = Draw.Sequence<float>(new Random(2), Steps, lengths.Length, Inputs);
        LayerState<float> state = layer.CreateState(lengths.Length);
        List<float> outputs = [];
        for (int step = 0; step < Steps; step++)
        {
            var one = new Sequence<float>(1, lengths.Length, Inputs, input.Step(step).ToArray())
            {
                Mask = StepMask.FromValues(1, lengths.Length, [.. lengths.Select(length => step < length)]),
            };
            outputs.AddRange(layer.Infer(one, state).Values);
        }

        input.Mask = StepMask.FromLengths(Steps, lengths);
        LayerState<float> end = layer.CreateState(lengths.Length);
        outputs.Should().Equal(layer.Infer(input, end).Values.ToArray());
        Bits.Of(state).Should().Equal(Bits.Of(end));
    }

    [Theory]
    [InlineData("gru")]
    [InlineData("gru of Cho")]
    [InlineData("projection")]
    public void StepAndInfer_ManyAtOnceOnFreshWeights_GivesWhatEachGivesAlone(string kind)
    {
        const int Streams = 6;
        Layer<float> layer = Create<float>(kind, 20, 45);
        for (int round = 0; round < 3; round++)
        {
            Draw.Parameters(new Random(round), layer);
            Layer<float> unpacked = Create<float>(kind, 20, 45);
            Draw.Parameters(new Random(round), unpacked);
            unpacked.Parameters[0].Values.IsEmpty.Should().BeFalse("from here on it keeps nothing");
            float[][] expected = [.. Enumerable.Range(0, Streams).Select(n => Run(unpacked, n))];
            var actual = new float[Streams][];
            Parallel.For(0, Streams, n => actual[n] = Run(layer, n));
            actual.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        }

        static float[] Run(Layer<float> layer, int stream)
        {
            Sequence<float> input = Draw.Sequence<float>(new Random(stream), Steps, 1, 20);
            return [.. StepThrough(layer, input, layer.CreateState(1)).Values, .. layer.Infer(input).Values];
        }
    }

    [Theory]
    [InlineData("gru")]
    [InlineData("gru of Cho")]
    [InlineData("projection")]
    public void Infer_WeightsThatChangeEachTime_AllocatesNothing(string kind)
    {
        Layer<float> layer = Create<float>(kind, 20, 45);
        float[] weights = layer.Parameters[1].ReadOnlyValues.ToArray();
        Sequence<float> input = Draw.Sequence<float>(new Random(1), Steps, 1, 20);
        var output = new Sequence<float>(Steps, 1, layer.Outputs);
        LayerState<float> state = layer.CreateState(1);
        Allocations.Of(() =>
        {
            layer.Parameters[1].CopyFrom(weights);
            layer.Infer(input, output);
            layer.Parameters[1].CopyFrom(weights);
            for (int step = 0; step < Steps; step++)
            {
                layer.Step(input.Step(step), state, output.Step(step));
            }
        }).Should().Be(0);
    }

    [Fact]
    public unsafe void Sibling_OfAnEngineThatHasPacked_MakesNoCopyOfItsOwn()
    {
        const int Units = 256;
        var layer = new GruLayer<float>(Units, Units, options: new GruOptions { ResetAfter = false });
        RecurrentEngine<float, SimpleCellPass<float>> engine = layer.CreateEngine();
        long weights = sizeof(float) * (layer.InputWeights.Count + (long)layer.RecurrentWeights.Count);
        Allocated(engine).Should().BeGreaterThan(weights);
        Allocated(engine.Sibling()).Should().BeLessThan(weights / 4);

        long Allocated(RecurrentEngine<float, SimpleCellPass<float>> engine)
        {
            float[] column = new float[8 * Units];
            long before = GC.GetAllocatedBytesForCurrentThread();
            fixed (float* w = layer.InputWeights.ReadOnlyValues, u = layer.RecurrentWeights.ReadOnlyValues, x = column)
            {
                RecurrentPass<float> pass = new()
                {
                    Steps = 8,
                    Batch = 1,
                    Inputs = Units,
                    Units = Units,
                    Outputs = Units,
                    InputWeights = w,
                    RecurrentWeights = u,
                    WeightsVersion = 1,
                    Input = x,
                    Output = x,
                    FinalHidden = x,
                };
                engine.Forward(pass, default, [], training: false, threads: 1);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void StepsAreInfer<T>(string kind, int inputs, int units)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Layer<T> layer = Create<T>(kind, inputs, units);
        Draw.Parameters(new Random(1), layer);
        Layer<T> unpacked = Create<T>(kind, inputs, units);
        Draw.Parameters(new Random(1), unpacked);
        unpacked.Parameters[0].Values.IsEmpty.Should().BeFalse("its steps never use packed weights");
        foreach (int batch in (int[])[1, 2, 3])
        {
            layer.Parameters[0].CopyFrom(layer.Parameters[0].ReadOnlyValues.ToArray());
            Sequence<T> input = Draw.Sequence<T>(new Random(batch), Steps, batch, inputs);
            LayerState<T> state = layer.CreateState(batch);
            T[] output = StepThrough(layer, input, state).Values.ToArray();
            LayerState<T> end = layer.CreateState(batch);
            output.Should().Equal(layer.Infer(input, end).Values.ToArray(), "steps of {0} of {1} and {2}", kind, inputs, units);
            Bits.Of(state).Should().Equal(Bits.Of(end));
            StepThrough(unpacked, input, unpacked.CreateState(batch)).Values.ToArray().Should().Equal(output);
        }
    }

    private static Sequence<T> StepThrough<T>(Layer<T> layer, Sequence<T> input, LayerState<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var output = new Sequence<T>(input.Steps, input.Batch, layer.Outputs);
        for (int step = 0; step < input.Steps; step++)
        {
            layer.Step(input.Step(step), state, output.Step(step));
        }

        return output;
    }

    private static Layer<T> Create<T>(string kind, int inputs, int units)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int projection = (units + 1) / 2;
        return kind switch
        {
            "gru" => new GruLayer<T>(inputs, units),
            "gru of Cho" => new GruLayer<T>(inputs, units, options: new GruOptions { ResetAfter = false }),
            "gru without a bias" => new GruLayer<T>(inputs, units, options: new GruOptions { UseBias = false }),
            "rnn" => new RnnLayer<T>(inputs, units),
            _ => new LstmLayer<T>(inputs, units, options: kind switch
            {
                "lstm" => new LstmOptions(),
                "peepholes" => new LstmOptions { Peepholes = true },
                "projection" => new LstmOptions { Projection = projection },
                "coupled" => new LstmOptions { CoupledGates = true },
                "normalized" => new LstmOptions { LayerNormalization = true },
                "dropout per gate" => new LstmOptions { InputDropout = 0.2, RecurrentDropout = 0.2, DropoutPerGate = true },
                _ => new LstmOptions
                {
                    Peepholes = true,
                    Projection = projection,
                    CoupledGates = true,
                    LayerNormalization = true,
                    CellClip = 2,
                    GateClip = 3,
                    CellZoneout = 0.1,
                    HiddenZoneout = 0.2,
                },
            }),
        };
    }
}

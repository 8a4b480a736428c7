using System.Numerics;
using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Optimizers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>
/// Inference keeps weights in the kernels' order while they do not change. Whatever changes them, and however often, it
/// computes as a layer does that has just been made with the same numbers.
/// </summary>
[Collection(AloneCollection.Name)]
public class KeptWeightsTests
{
    private const int Inputs = 5;

    /// <summary>Kinds of layers, each of two sizes: one of whole vectors and one that ends within a vector.</summary>
    private static readonly Dictionary<string, Func<Layer<float>>> Kinds = new()
    {
        ["lstm of 32"] = () => new LstmLayer<float>(Inputs, 32),
        ["lstm of 27"] = () => new LstmLayer<float>(Inputs, 27),
        ["lstm with projection"] = () => new LstmLayer<float>(Inputs, 27, options: new LstmOptions { Projection = 7 }),
        ["lstm with more"] = () => new LstmLayer<float>(Inputs, 19, options: new LstmOptions
        {
            Peepholes = true,
            LayerNormalization = true,
            LearnInitialState = true,
        }),
        ["gru"] = () => new GruLayer<float>(Inputs, 19),
        ["gru of Cho"] = () => new GruLayer<float>(Inputs, 19, options: new GruOptions { ResetAfter = false }),
        ["rnn"] = () => new RnnLayer<float>(Inputs, 19),
        ["dense"] = () => new DenseLayer<float>(Inputs, 50),
        ["dense of many outputs"] = () => new DenseLayer<float>(Inputs, 3000),
        ["tied dense"] = () => new DenseLayer<float>(new EmbeddingLayer<float>(70, Inputs)),
    };

    /// <summary>All that writes to the values of parameters.</summary>
    private static readonly Dictionary<string, Action<Layer<float>>> Writers = new()
    {
        ["CopyFrom"] = layer => Each(layer, parameter => parameter.CopyFrom([.. parameter.ReadOnlyValues.ToArray().Select(value => -value)])),
        ["constant"] = layer => Each(layer, parameter => Initializer.Constant(0.25).Fill(parameter, 9, new Random(3))),
        ["initializer"] = layer => Each(layer, parameter => Initializer.Uniform(0.3).Fill(parameter, 9, new Random(3))),
        ["sgd"] = layer => Step(layer, new SgdOptimizer<float>()),
        ["adam"] = layer => Step(layer, new AdamOptimizer<float>()),
        ["average"] = layer =>
        {
            var average = new WeightAverage<float>(layer.Parameters);
            average.Update();
            Step(layer, new SgdOptimizer<float>());
            average.Update();
            _ = Infer(layer, 8);
            average.Swap();
        },
        ["copy"] = layer =>
        {
            var copy = new ParameterCopy<float>(layer.Parameters);
            Step(layer, new SgdOptimizer<float>());
            copy.Take();
            Step(layer, new SgdOptimizer<float>());
            _ = Infer(layer, 8);
            copy.Restore();
        },
        ["span"] = layer => Each(layer, parameter => parameter.Values[0] += 1),
        ["matrix"] = layer => Each(layer, parameter => parameter.Value[0, 0] -= 2),
    };

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Infer_AfterEachWriter_GivesWhatAFreshLayerGives(string kind)
    {
        foreach (int threads in (int[])[1, 2])
        {
            Layer<float> layer = Kinds[kind]();
            Draw.Parameters(new Random(1), layer);
            layer.Threads = threads;
            foreach ((string writer, Action<Layer<float>> write) in Writers)
            {
                // Twice as it was, so that it has been kept.
                float[] before = Infer(layer, 8);
                Infer(layer, 8).Should().Equal(before);
                write(layer);
                float[] after = Infer(layer, 8);
                after.Should().NotEqual(before, "the {0} has changed the weights", writer);
                after.Should().Equal(Infer(Fresh(kind, layer), 8), "of the weights after the {0}", writer);
                Infer(layer, 8).Should().Equal(after);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Infer_AfterAChangeOfEachParameterAlone_GivesWhatAFreshLayerGives(string kind)
    {
        Layer<float> layer = Kinds[kind]();
        Draw.Parameters(new Random(1), layer);
        foreach (Parameter<float> parameter in layer.Parameters)
        {
            float[] before = Infer(layer, 8);
            Infer(layer, 8).Should().Equal(before);
            parameter.CopyFrom([.. parameter.ReadOnlyValues.ToArray().Select(value => value + 0.1f)]);
            float[] after = Infer(layer, 8);
            after.Should().NotEqual(before, "{0} has been changed", parameter);
            after.Should().Equal(Infer(Fresh(kind, layer), 8), "of the changed {0}", parameter);
        }
    }

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Infer_OtherLengthsAndThreadsInBetween_GivesTheSameBits(string kind)
    {
        Layer<float> layer = Kinds[kind]();
        layer.Threads = 1;
        Draw.Parameters(new Random(1), layer);
        float[] expected = Infer(layer, 8);
        foreach ((int batch, int threads) in ((int, int)[])[(1, 1), (40, 2), (8, 2), (2, 3), (40, 1)])
        {
            layer.Threads = threads;
            float[] other = Infer(layer, batch);
            other.Should().Equal(Infer(Fresh(kind, layer), batch));
            Infer(layer, 8).Should().Equal(expected, "after {0} sequences on {1} threads", batch, threads);
        }
    }

    [Theory]
    [InlineData("lstm of 27")]
    [InlineData("lstm with projection")]
    [InlineData("gru")]
    [InlineData("rnn")]
    [InlineData("dense")]
    public void Infer_AfterAStateDictWasLoaded_GivesWhatItsLayerGives(string kind)
    {
        (Layer<float> from, Layer<float> to) = (Kinds[kind](), Kinds[kind]());
        Draw.Parameters(new Random(1), from);
        Draw.Parameters(new Random(2), to);
        float[] before = Infer(to, 8);
        using var stream = new MemoryStream();
        PyTorch.StateDict(from).SaveSafetensors(stream);
        using TensorFile file = TensorFile.Open(stream);

        PyTorch.Load(to, file);

        Infer(to, 8).Should().NotEqual(before).And.Equal(Infer(from, 8));
    }

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Infer_SpanHeldOverCalls_SeesEachChange(string kind)
    {
        Layer<float> layer = Kinds[kind]();
        Draw.Parameters(new Random(1), layer);
        float[] before = Infer(layer, 8);
        Span<float> values = layer.Parameters[0].Values;
        for (int n = 0; n < 3; n++)
        {
            values[n] += 1;
            float[] after = Infer(layer, 8);
            after.Should().NotEqual(before).And.Equal(Infer(Fresh(kind, layer), 8));
            before = after;
        }
    }

    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(3, 5, 27)]
    [InlineData(16, 40, 64)]
    [InlineData(7, 70, 129)]
    public void Step_BeforeAndAfterPacking_GivesTheBitsOfInfer(int inputs, int units, int other)
    {
        StepsAreInfer<float>(inputs, units);
        StepsAreInfer<double>(units, other);
        StepsAreInfer<float>(other, inputs);
    }

    [Theory]
    [InlineData(3, 50)]
    [InlineData(129, 300)]
    public void TiedDenseStep_ManyTimes_GivesTheSameBits(int inputs, int outputs)
    {
        // Its sums go along the columns of the embedding, in an order that packing would change.
        var layer = new DenseLayer<float>(new EmbeddingLayer<float>(outputs, inputs));
        Draw.Parameters(new Random(1), layer);
        Sequence<float> input = Draw.Sequence<float>(new Random(2), 1, 1, inputs);
        float[] first = layer.Infer(input).Values.ToArray();
        layer.Infer(Draw.Sequence<float>(new Random(3), 20, 1, inputs));
        for (int n = 0; n < 20; n++)
        {
            layer.Infer(input).Values.ToArray().Should().Equal(first);
        }
    }

    [Theory]
    [InlineData(3, 50)]
    [InlineData(40, 129)]
    [InlineData(129, 300)]
    public void DenseStep_BeforeAndAfterPacking_GivesTheBitsOfInfer(int inputs, int outputs)
    {
        DenseStepsAreInfer<float>(inputs, outputs);
        DenseStepsAreInfer<double>(inputs, outputs);
    }

    [Fact]
    public void StepAndInfer_ManyAtOnceOnFreshWeights_GivesWhatEachGivesAlone()
    {
        const int Rounds = 3;
        var layer = new LstmLayer<float>(20, 45);
        for (int round = 0; round < Rounds; round++)
        {
            Draw.Parameters(new Random(round), layer);
            var packedEachTime = new LstmLayer<float>(20, 45);
            CopyParameters(layer, packedEachTime);
            packedEachTime.InputWeights.Values.IsEmpty.Should().BeFalse("from here on it keeps nothing");
            float[][] expected = [.. Enumerable.Range(0, 6).Select(n => Run(packedEachTime, n))];
            Together.GivesTheSameAsAlone(1, _ => Run(layer, 0)[..1]);
            Draw.Parameters(new Random(round), layer);
            var actual = new float[6][];
            Parallel.For(0, 6, n => actual[n] = Run(layer, n));
            actual.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        }

        static float[] Run(LstmLayer<float> layer, int stream)
        {
            Sequence<float> input = Draw.Sequence<float>(new Random(stream), 25, 1, 20);
            LstmState<float> state = layer.CreateState(1);
            var output = new Sequence<float>(25, 1, 45);
            for (int step = 0; step < 25; step++)
            {
                layer.Step(input.Step(step), state, output.Step(step));
            }

            return [.. output.Values, .. layer.Infer(input).Values];
        }
    }

    [Fact]
    public void Infer_DenseManyAtOnceOnFreshWeights_GivesWhatEachGivesAlone()
    {
        var layer = new DenseLayer<float>(40, 300) { Threads = 1 };
        Sequence<float>[] inputs = [.. Enumerable.Range(0, 4).Select(n => Draw.Sequence<float>(new Random(n), 30, 3, 40))];
        for (int round = 0; round < 3; round++)
        {
            Draw.Parameters(new Random(round), layer);
            float[][] expected = [.. inputs.Select(input => layer.Infer(input).Values.ToArray())];
            layer.Weights.CopyFrom(layer.Weights.ReadOnlyValues.ToArray());
            Parallel.For(0, inputs.Length, n =>
            {
                var output = new Sequence<float>(30, 3, 300);
                for (int time = 0; time < 30; time++)
                {
                    layer.Infer(inputs[n], output);
                    output.Values.SequenceEqual(expected[n]).Should().BeTrue();
                }
            });
        }
    }

    [Fact]
    public void Infer_WeightsThatChangeEachTime_AllocatesNothing()
    {
        var layer = new LstmLayer<float>(20, 45);
        float[] weights = layer.RecurrentWeights.ReadOnlyValues.ToArray();
        Sequence<float> input = Draw.Sequence<float>(new Random(1), 25, 1, 20);
        var output = new Sequence<float>(25, 1, 45);
        LstmState<float> state = layer.CreateState(1);
        Allocations.Of(() =>
        {
            layer.RecurrentWeights.CopyFrom(weights);
            layer.Infer(input, output);
            for (int step = 0; step < 25; step++)
            {
                layer.Step(input.Step(step), state, output.Step(step));
            }
        }).Should().Be(0);
    }

    private static void DenseStepsAreInfer<T>(int inputs, int outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Columns = 20;
        var layer = new DenseLayer<T>(inputs, outputs);
        Draw.Parameters(new Random(1), layer);
        Sequence<T> input = Draw.Sequence<T>(new Random(2), Columns, 1, inputs);
        LayerState<T> state = layer.CreateState(1);
        var output = new Sequence<T>(Columns, 1, outputs);
        for (int column = 0; column < Columns; column++)
        {
            layer.Step(input.Step(column), state, output.Step(column));
        }

        output.Values.ToArray().Should().Equal(layer.Infer(input).Values.ToArray());
    }

    private static void StepsAreInfer<T>(int inputs, int units)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // More steps than it takes until the weights are packed.
        const int Steps = 20;
        var layer = new LstmLayer<T>(inputs, units);
        Draw.Parameters(new Random(1), layer);
        foreach (int batch in (int[])[1, 2, 3])
        {
            layer.InputWeights.CopyFrom(layer.InputWeights.ReadOnlyValues.ToArray());
            Sequence<T> input = Draw.Sequence<T>(new Random(batch), Steps, batch, inputs);
            LstmState<T> state = layer.CreateState(batch);
            var output = new Sequence<T>(Steps, batch, units);
            for (int step = 0; step < Steps; step++)
            {
                layer.Step(input.Step(step), state, output.Step(step));
            }

            LstmState<T> end = layer.CreateState(batch);
            output.Values.ToArray().Should().Equal(layer.Infer(input, end).Values.ToArray());
            Bits.Of(state).Should().Equal(Bits.Of(end));
        }
    }

    private static float[] Infer(Layer<float> layer, int batch) =>
        layer.Infer(Draw.Sequence<float>(new Random(2), 3, batch, Inputs)).Values.ToArray();

    private static Layer<float> Fresh(string kind, Layer<float> layer)
    {
        Layer<float> fresh = Kinds[kind]();
        CopyParameters(layer, fresh);
        return fresh;
    }

    private static void CopyParameters(Layer<float> from, Layer<float> to)
    {
        for (int n = 0; n < from.Parameters.Count; n++)
        {
            to.Parameters[n].CopyFrom(from.Parameters[n].ReadOnlyValues);
        }
    }

    private static void Each(Layer<float> layer, Action<Parameter<float>> write)
    {
        foreach (Parameter<float> parameter in layer.Parameters)
        {
            write(parameter);
        }
    }

    private static void Step(Layer<float> layer, Optimizer<float> optimizer)
    {
        foreach (Parameter<float> parameter in layer.Parameters)
        {
            parameter.Gradients.Fill(1);
        }

        optimizer.LearningRate = 0.1;
        optimizer.Step(layer.Parameters);
        layer.ZeroGradient();
    }
}

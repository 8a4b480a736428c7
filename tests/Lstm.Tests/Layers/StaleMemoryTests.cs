using System.Numerics;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>What a call leaves behind in the memory of a layer, be it NaN, has no effect on the calls after it.</summary>
public class StaleMemoryTests
{
    [Fact]
    public void Train_AfterNaN_GivesWhatAFreshLstmGives() =>
        Property.ForAllShapes(shape => IsForgotten(shape, s => new LstmLayer<float>(s.Inputs, s.Units)));

    [Fact]
    public void Train_AfterNaN_GivesWhatAFreshLstmOfDoubleGives() =>
        Property.ForAllShapes(shape => IsForgotten(shape, s => new LstmLayer<double>(s.Inputs, s.Units)));

    [Fact]
    public void Train_AfterNaN_GivesWhatAFreshDenseLayerGives() =>
        Property.ForAllShapes(shape => IsForgotten(shape, s => new DenseLayer<float>(s.Inputs, s.Units)));

    [Fact]
    public void Train_AfterNaN_GivesWhatAFreshNetworkGives() => Property.ForAllShapes(shape => IsForgotten(
        shape,
        s => new Network<float>(
            new DenseLayer<float>(s.Inputs, 5), new LstmLayer<float>(5, s.Units), new DenseLayer<float>(s.Units, 3))));

    private static void IsForgotten<T>(Shape shape, Func<Shape, Layer<T>> create)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Layer<T> layer = create(shape);
        T[] weights = Bits.OfValues(layer);
        SetValues(layer, NaN<T>(1, 1, weights.Length).Values);
        Run(layer, NaN<T>(shape.Steps + 2, shape.Batch + 3, layer.Inputs), NaN<T>(shape.Steps + 2, shape.Batch + 3, layer.Outputs));
        Run(layer, NaN<T>(shape.Steps, shape.Batch, layer.Inputs), NaN<T>(shape.Steps, shape.Batch, layer.Outputs));
        SetValues(layer, weights);

        var random = new Random(shape.Seed);
        Sequence<T> input = Draw.Sequence<T>(random, shape.Steps, shape.Batch, layer.Inputs);
        Sequence<T> gradient = Draw.Sequence<T>(random, shape.Steps, shape.Batch, layer.Outputs);
        T[] actual = Run(layer, input, gradient);
        actual.All(T.IsFinite).Should().BeTrue();
        actual.Should().Equal(Run(create(shape), input, gradient));
    }

    /// <summary>All that comes out of training and inference, from and to a state of the numbers of the input.</summary>
    private static T[] Run<T>(Layer<T> layer, Sequence<T> input, Sequence<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayerState<T> state = layer.CreateState(input.Batch);
        foreach (StatePart<T> part in state.Parts)
        {
            part.Values.Fill(input[0, 0, 0]);
        }

        layer.ZeroGradient();
        T[] output = layer.Forward(input, state).Values.ToArray();
        T[] inputGradient = layer.Backward(gradient, state).Values.ToArray();
        T[] inferred = layer.Infer(input, state).Values.ToArray();
        T[] step = new T[input.Batch * layer.Outputs];
        layer.Step(input.Step(0), state, step);
        return
        [
            .. output, .. Bits.Of(layer.FinalState), .. inputGradient, .. Bits.OfGradients(layer),
            .. Bits.Of(layer.InitialStateGradient), .. inferred, .. step, .. Bits.Of(state),
        ];
    }

    private static void SetValues<T>(Layer<T> layer, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            parameter.CopyFrom(values[..parameter.Count]);
            values = values[parameter.Count..];
        }
    }

    private static Sequence<T> NaN<T>(int steps, int batch, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sequence = new Sequence<T>(steps, batch, features);
        sequence.Values.Fill(T.NaN);
        return sequence;
    }
}

using System.Numerics;
using Lstm.Tests.Reference;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>The layer beside an LSTM that is written straight from the equations.</summary>
public class LstmLayerReferenceTests
{
    /// <summary>
    /// Small, odd, large, and around the sizes of vectors and tiles; some are worth several threads, and some so long, wide
    /// or deep that they are cut into several parts.
    /// </summary>
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 1 },
        { 16, 1, 64, 64 },
        { 3, 5, 1, 129 },
        { 2, 33, 27, 100 },
        { 4, 20, 65, 64 },
        { 28, 7, 27, 32 },
        { 2, 40, 20, 130 },
        { 2, 129, 5, 16 },
        { 2, 2, 10, 300 },
        { 3, 64, 48, 48 },
        { 40, 3, 3, 5 },
        { 600, 1, 3, 5 },
        { 300, 3, 4, 7 },
        { 70, 16, 3, 5 },
        { 2, 3, 1100, 9 },
    };

    [Fact]
    public void Train_RandomShapesInDouble_EqualsReference() => Property.ForAllShapes(EqualsReference<double>);

    [Fact]
    public void Train_RandomShapesInFloat_EqualsReference() => Property.ForAllShapes(EqualsReference<float>);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Train_GivenShape_EqualsReference(int steps, int batch, int inputs, int units)
    {
        EqualsReference<double>(new Shape(steps, batch, inputs, units, 1));
        EqualsReference<float>(new Shape(steps, batch, inputs, units, 2));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [InlineData(1, 4, 5, 1030)]
    public void Infer_GivenShape_EqualsReference(int steps, int batch, int inputs, int units)
    {
        InferEqualsReference<double>(new Shape(steps, batch, inputs, units, 3));
        InferEqualsReference<float>(new Shape(steps, batch, inputs, units, 4));
    }

    [Theory]
    [InlineData(1e2)]
    [InlineData(1e4)]
    [InlineData(1e30)]
    public void Train_HugePreactivations_SaturatesWithoutNaN(double range)
    {
        Saturates<float>(range);
        Saturates<double>(range);
    }

    private static void EqualsReference<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var given = new LstmCase<T>(shape);
        given.Layer.Threads = Environment.ProcessorCount;
        ReferenceLstm reference = ReferenceLstm.Of(given.Layer);
        ReferenceOutput expected = Forward(reference, given);
        ReferenceGradients gradients = reference.Backward(
            ReferenceArrays.Of(given.OutputGradient),
            ReferenceArrays.Of(given.FinalStateGradient.Hidden),
            ReferenceArrays.Of(given.FinalStateGradient.Cell));

        Sequence<T> output = given.Layer.Forward(given.Input, given.InitialState);
        double tolerance = Tolerance.Rounding<T>();
        Close.To(output, expected.Output, tolerance, "output");
        Close.To(given.Layer.FinalState.Hidden, expected.FinalHidden, tolerance, "final hidden state");
        Close.To(given.Layer.FinalState.Cell, expected.FinalCell, tolerance, "final cell state");

        Sequence<T> inputGradient = given.Layer.Backward(given.OutputGradient, given.FinalStateGradient);
        Close.To(inputGradient, gradients.Input, tolerance, "input gradient");
        Close.To(given.Layer.InputWeights.Gradient, gradients.InputWeights, tolerance, "gradient of W");
        Close.To(given.Layer.RecurrentWeights.Gradient, gradients.RecurrentWeights, tolerance, "gradient of U");
        Close.To(given.Layer.Bias.Gradient, gradients.Bias, tolerance, "gradient of b");
        Close.To(given.Layer.InitialStateGradient.Hidden, gradients.InitialHidden, tolerance, "gradient of h0");
        Close.To(given.Layer.InitialStateGradient.Cell, gradients.InitialCell, tolerance, "gradient of c0");
    }

    private static void InferEqualsReference<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var given = new LstmCase<T>(shape);
        given.Layer.Threads = Environment.ProcessorCount;
        ReferenceOutput expected = Forward(ReferenceLstm.Of(given.Layer), given);

        Sequence<T> output = given.Layer.Infer(given.Input, given.InitialState);
        Close.To(output, expected.Output, Tolerance.Rounding<T>(), "output");
        Close.To(given.InitialState.Hidden, expected.FinalHidden, Tolerance.Rounding<T>(), "final hidden state");
        Close.To(given.InitialState.Cell, expected.FinalCell, Tolerance.Rounding<T>(), "final cell state");
    }

    private static ReferenceOutput Forward<T>(ReferenceLstm reference, LstmCase<T> given)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        reference.Forward(
            ReferenceArrays.Of(given.Input),
            ReferenceArrays.Of(given.InitialState.Hidden),
            ReferenceArrays.Of(given.InitialState.Cell));

    private static void Saturates<T>(double range)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var given = new LstmCase<T>(new Shape(3, 4, 5, 9, 1));
        for (int n = 0; n < given.Input.Values.Length; n++)
        {
            given.Input.Values[n] *= T.CreateChecked(range);
        }

        ReferenceOutput expected = Forward(ReferenceLstm.Of(given.Layer), given);
        Sequence<T> output = given.Layer.Forward(given.Input, given.InitialState);
        Sequence<T> inferred = given.Layer.Infer(given.Input, given.InitialState);
        Close.To(output, expected.Output, Tolerance.Rounding<T>() * Math.Min(range, 10), "output");
        Close.To(inferred, output, "inferred output");

        given.Layer.Backward(given.OutputGradient, given.FinalStateGradient);
        Bits.OfGradients(given.Layer).All(T.IsFinite).Should().BeTrue();
    }
}

using System.Numerics;
using Lstm.Kernels;
using Lstm.Tests.Reference;
using Lstm.Tests.Support;

namespace Lstm.Tests.Kernels;

/// <summary>
/// The kernels at every width of vector that the processor has, beside the plain reference, over arrays that end where
/// they must.
/// </summary>
public unsafe class LstmEngineTests
{
    private const int Cases = 40;

    /// <summary>Of 512, 256 and 128 bits, and of one element.</summary>
    public static TheoryData<int> Widths => [512, 256, 128, 0];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Train_WidthInFloat_EqualsReference(int bits) =>
        Property.ForAllShapes(shape => Train<float>(bits, shape), Cases);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Train_WidthInDouble_EqualsReference(int bits) =>
        Property.ForAllShapes(shape => Train<double>(bits, shape), Cases);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Infer_WidthInFloat_EqualsReference(int bits) =>
        Property.ForAllShapes(shape => Infer<float>(bits, shape), Cases);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Infer_WidthInDouble_EqualsReference(int bits) =>
        Property.ForAllShapes(shape => Infer<double>(bits, shape), Cases);

    private static void Train<T>(int bits, Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var given = new LstmCase<T>(shape);
        var arrays = new LstmArrays<T>(given);
        ReferenceLstm reference = ReferenceLstm.Of(given.Layer);
        ReferenceOutput expected = LstmArrays<T>.Reference(reference, given);
        ReferenceGradients gradients = reference.Backward(
            ReferenceArrays.Of(given.OutputGradient),
            ReferenceArrays.Of(given.FinalStateGradient.Hidden),
            ReferenceArrays.Of(given.FinalStateGradient.Cell));
        int threads = 1 + (shape.Seed % 3);

        LstmEngine<T> engine = LstmEngine<T>.Create(bits);
        engine.Forward(arrays.Pass, training: true, threads);
        engine.Backward(arrays.Pass, arrays.Gradients, threads);

        arrays.IsIntact.Should().BeTrue("nothing is written outside of the arrays");
        arrays.EqualsOutput(expected);
        arrays.EqualsGradients(gradients);
    }

    private static void Infer<T>(int bits, Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var given = new LstmCase<T>(shape);
        var arrays = new LstmArrays<T>(given);
        ReferenceOutput expected = LstmArrays<T>.Reference(ReferenceLstm.Of(given.Layer), given);

        LstmEngine<T>.Create(bits).Forward(arrays.Pass, training: false, 1 + (shape.Seed % 3));

        arrays.IsIntact.Should().BeTrue("nothing is written outside of the arrays");
        arrays.EqualsOutput(expected);
    }
}

using Lstm.Layers;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests;

public class SequenceTests
{
    /// <summary>A batch adds up sums in another order than a single sequence; they are of a few numbers below 12.</summary>
    private const double Rounding = 1e-13;

    [Fact]
    public void Constructor_Sizes_GivesZeros()
    {
        var sequence = new Sequence<float>(2, 3, 4);
        (sequence.Steps, sequence.Batch, sequence.Features).Should().Be((2, 3, 4));
        sequence.Values.ToArray().Should().Equal(new float[24]);
    }

    [Fact]
    public void Constructor_Array_IsUsedAsItIs()
    {
        double[] values = [1, 2, 3, 4, 5, 6];
        var sequence = new Sequence<double>(1, 2, 3, values);
        sequence[0, 1, 0] = 9;
        values.Should().Equal(1, 2, 3, 9, 5, 6);
    }

    [Fact]
    public void Layout_AnyElement_IsAtStepThenSequenceThenFeature()
    {
        Sequence<double> sequence = Numbered(4, 3, 2);
        for (int t = 0; t < 4; t++)
        {
            sequence.Step(t).ToArray().Should().Equal(Enumerable.Range(t * 6, 6).Select(n => (double)n));
            for (int b = 0; b < 3; b++)
            {
                int at = ((t * 3) + b) * 2;
                sequence.At(t, b).ToArray().Should().Equal(at, at + 1);
                sequence[t, b, 0].Should().Be(at);
                sequence[t, b, 1].Should().Be(at + 1);
                sequence.Values[at].Should().Be(at);
            }
        }
    }

    [Fact]
    public void Mask_Set_IsKeptByTheCloneAndMustFit()
    {
        var sequence = new Sequence<float>(3, 2, 4);
        sequence.Mask.Should().BeNull();
        StepMask mask = StepMask.FromLengths(3, 1, 2);
        sequence.Mask = mask;
        sequence.Clone().Mask.Should().BeSameAs(mask);

        Refusal.Of<ArgumentException>(
            () => sequence.Mask = StepMask.FromLengths(2, 1, 2), "Mask", "3 steps × 2 sequences", "2 steps × 2 sequences");
        Refusal.Of<ArgumentException>(
            () => sequence.Mask = StepMask.FromLengths(3, 1, 2, 3), "Mask", "3 steps × 2 sequences", "3 steps × 3 sequences");
        sequence.Mask.Should().BeSameAs(mask);
        sequence.Mask = null;
        sequence.Mask.Should().BeNull();
    }

    [Fact]
    public void Views_Written_WriteTheSequence()
    {
        var sequence = new Sequence<float>(2, 2, 2);
        sequence.Step(1)[0] = 4;
        sequence.At(0, 1)[1] = 3;
        sequence[1, 1, 1] = 7;
        sequence.Values[0] = 1;
        sequence.Values.ToArray().Should().Equal(1, 0, 0, 3, 4, 0, 0, 7);
    }

    [Fact]
    public void FromMatrices_OneAStep_PutsSequencesInColumns()
    {
        Matrix<double>[] steps =
        [
            Matrix<double>.Build.DenseOfArray(new double[,] { { 0, 2, 4 }, { 1, 3, 5 } }),
            Matrix<double>.Build.DenseOfArray(new double[,] { { 6, 8, 10 }, { 7, 9, 11 } }),
        ];
        var sequence = Sequence<double>.FromMatrices(steps);
        Same(sequence, Numbered(2, 3, 2));
        steps[0].Clear();
        sequence[0, 0, 1].Should().Be(1, "matrices are copied");
    }

    [Fact]
    public void FromMatrices_NotDense_AreTaken()
    {
        Matrix<double> sparse = Matrix<double>.Build.SparseOfArray(new double[,] { { 0, 2 }, { 1, 3 } });
        Matrix<double> diagonal = Matrix<double>.Build.DiagonalOfDiagonalArray([4, 5]);
        Sequence<double>.FromMatrices([sparse, diagonal]).Values.ToArray().Should().Equal(0, 1, 2, 3, 4, 0, 0, 5);
    }

    [Fact]
    public void FromColumns_Matrix_TakesStepsInOrder()
    {
        Matrix<double> columns = Matrix<double>.Build.Dense(2, 6, (row, column) => (2 * column) + row);
        Same(Sequence<double>.FromColumns(columns), Numbered(6, 1, 2));
        Same(Sequence<double>.FromColumns(columns, 3), Numbered(2, 3, 2));
        Same(Sequence<double>.FromColumns(columns, batch: 6), Numbered(1, 6, 2));
    }

    [Fact]
    public void FromArray_StepsSequencesFeatures_TakesThemInOrder()
    {
        double[,,] array = new double[2, 3, 2];
        for (int n = 0; n < 12; n++)
        {
            array[n / 6, n / 2 % 3, n % 2] = n;
        }

        Same(Sequence<double>.FromArray(array), Numbered(2, 3, 2));
        Same(Sequence<double>.FromArray(new double[,] { { 0, 1, 2 }, { 3, 4, 5 } }), Numbered(2, 1, 3));
    }

    [Fact]
    public void Conversions_ThereAndBack_GiveTheSame() => Property.ForAllShapes(shape =>
    {
        Sequence<float> sequence = Draw.Sequence<float>(new Random(shape.Seed), shape.Steps, shape.Batch, shape.Inputs);
        Same(Sequence<float>.FromMatrices(sequence.ToMatrices()), sequence);
        Same(Sequence<float>.FromColumns(sequence.ToColumns(), shape.Batch), sequence);
        Same(Sequence<float>.FromArray(sequence.ToArray()), sequence);
        Same(sequence.Clone(), sequence);
        (int t, int b, int f) = (shape.Seed % shape.Steps, shape.Seed % shape.Batch, shape.Seed % shape.Inputs);
        sequence.ToMatrix(t)[f, b].Should().Be(sequence[t, b, f]);
        sequence.ToColumns()[f, (t * shape.Batch) + b].Should().Be(sequence[t, b, f]);
        sequence.ToArray()[t, b, f].Should().Be(sequence[t, b, f]);
    });

    [Fact]
    public void Conversions_Results_AreCopies()
    {
        Sequence<double> sequence = Numbered(2, 3, 2);
        sequence.ToMatrix(0).Clear();
        sequence.ToMatrices()[1].Clear();
        sequence.ToColumns().Clear();
        sequence.ToArray()[0, 0, 1] = 9;
        sequence.Clone().Values.Clear();
        Same(sequence, Numbered(2, 3, 2));
    }

    [Theory]
    [InlineData(0, 3, 4, "steps")]
    [InlineData(-1, 3, 4, "steps")]
    [InlineData(2, 0, 4, "batch")]
    [InlineData(2, -5, 4, "batch")]
    [InlineData(2, 3, 0, "features")]
    [InlineData(2, 3, -9, "features")]
    public void Constructor_SizeBelowOne_IsRefused(int steps, int batch, int features, string name)
    {
        string actual = $"{Math.Min(steps, Math.Min(batch, features))}";
        Refusal.Of<ArgumentOutOfRangeException>(() => new Sequence<float>(steps, batch, features), name, "at least 1", actual);
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new Sequence<float>(steps, batch, features, []), name, "at least 1", actual);
    }

    [Theory]
    [InlineData(1 << 16, 1 << 16, 1)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(1 << 30, 1 << 30, 16)]
    [InlineData(int.MaxValue, 1, 1)]
    public void Constructor_MoreThanAnArrayHolds_IsRefused(int steps, int batch, int features) =>
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new Sequence<float>(steps, batch, features), "steps", $"{Array.MaxLength}", $"{steps} × {batch} × {features}");

    [Theory]
    [InlineData(23)]
    [InlineData(25)]
    [InlineData(0)]
    public void Constructor_ArrayOfAnotherLength_IsRefused(int length) =>
        Refusal.Of<ArgumentException>(() => new Sequence<float>(2, 3, 4, new float[length]), "values", "24", $"{length}");

    [Fact]
    public void Constructor_NoArray_IsRefused() =>
        Refusal.Of<ArgumentNullException>(() => new Sequence<float>(2, 3, 4, null!), "values");

    [Fact]
    public void Constructor_OtherElementType_IsRefused()
    {
        Action half = () => _ = new Sequence<Half>(1, 1, 1);
        half.Should().ThrowExactly<NotSupportedException>().WithMessage("*float or double*Half*");
    }

    [Fact]
    public void Indices_OutOfRange_AreRefused()
    {
        Sequence<double> sequence = Numbered(4, 3, 2);
        Refusal.Of<ArgumentOutOfRangeException>(() => sequence.Step(4), "step", "from 0 to 3", "4");
        Refusal.Of<ArgumentOutOfRangeException>(() => sequence.Step(-1), "step", "from 0 to 3", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(() => sequence.ToMatrix(4), "step", "from 0 to 3", "4");
        Refusal.Of<ArgumentOutOfRangeException>(() => sequence.At(4, 0), "step", "from 0 to 3", "4");
        Refusal.Of<ArgumentOutOfRangeException>(() => sequence.At(0, 3), "sequence", "from 0 to 2", "3");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = sequence[0, 0, 2], "feature", "from 0 to 1", "2");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = sequence[0, -1, 0], "sequence", "from 0 to 2", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(() => sequence[7, 0, 0] = 1, "step", "from 0 to 3", "7");
        Refusal.Of<ArgumentOutOfRangeException>(() => sequence[0, 0, -1] = 1, "feature", "from 0 to 1", "-1");
        Same(sequence, Numbered(4, 3, 2));
    }

    [Fact]
    public void Conversions_BadArgument_IsRefused()
    {
        Matrix<float> matrix = Matrix<float>.Build.Dense(2, 6);
        Refusal.Of<ArgumentNullException>(() => Sequence<float>.FromMatrices(null!), "steps");
        Refusal.Of<ArgumentException>(() => Sequence<float>.FromMatrices([]), "steps", "at least one");
        Refusal.Of<ArgumentNullException>(() => Sequence<float>.FromMatrices([null!]), "steps", "steps[0]");
        Refusal.Of<ArgumentNullException>(() => Sequence<float>.FromMatrices([matrix, null!]), "steps", "steps[1]");
        Refusal.Of<ArgumentException>(
            () => Sequence<float>.FromMatrices([matrix, matrix, Matrix<float>.Build.Dense(6, 2)]),
            "steps",
            "2 × 6",
            "6 × 2 at step 2");
        Refusal.Of<ArgumentNullException>(() => Sequence<float>.FromColumns(null!), "columns");
        Refusal.Of<ArgumentOutOfRangeException>(() => Sequence<float>.FromColumns(matrix, 0), "batch", "at least 1", "0");
        Refusal.Of<ArgumentException>(() => Sequence<float>.FromColumns(matrix, 4), "columns", "multiple of 4", "2 × 6");
        Refusal.Of<ArgumentNullException>(() => Sequence<float>.FromArray((float[,])null!), "values");
        Refusal.Of<ArgumentNullException>(() => Sequence<float>.FromArray((float[,,])null!), "values");
        Refusal.Of<ArgumentOutOfRangeException>(() => Sequence<float>.FromArray(new float[0, 2]), "steps", "at least 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => Sequence<float>.FromArray(new float[2, 0, 2]), "batch", "at least 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => Sequence<float>.FromArray(new float[2, 2, 0]), "features", "at least 1");
    }

    [Fact]
    public void Pad_SequencesOfAnyLength_EachGivesWhatItGivesAlone()
    {
        Sequence<double>[] sequences = [Numbered(2, 1, 3), Numbered(4, 1, 3), Numbered(1, 1, 3)];
        LstmLayer<double> layer = new(3, hiddenUnits: 4, seed: 1);

        Sequence<double> batch = Sequence<double>.Pad(sequences);
        Sequence<double> output = layer.Infer(batch);

        batch.ToString().Should().Be("Sequence<Double> of 4 steps × 3 sequences × 3 features");
        batch.Mask!.Lengths.ToArray().Should().Equal(2, 4, 1);
        batch.At(2, 0).ToArray().Should().Equal(0, 0, 0);
        for (int b = 0; b < sequences.Length; b++)
        {
            Sequence<double> alone = layer.Infer(sequences[b]);
            for (int t = 0; t < alone.Steps; t++)
            {
                Close.Within(output.At(t, b).ToArray(), alone.At(t, 0).ToArray(), Rounding);
            }
        }
    }

    [Fact]
    public void Pad_OneLength_HasNoMask()
    {
        Sequence<double> batch = Sequence<double>.Pad(Numbered(2, 1, 1), Numbered(2, 1, 1));

        batch.Mask.Should().BeNull();
        batch.Values.ToArray().Should().Equal(0, 0, 1, 1);
    }

    [Fact]
    public void Pad_WhatDoesNotFit_IsRefused()
    {
        Sequence<double> masked = new(2, 1, 3) { Mask = StepMask.FromLengths(2, 1) };

        Refusal.Of<ArgumentNullException>(() => Sequence<double>.Pad(null!), "sequences");
        Refusal.Of<ArgumentException>(() => Sequence<double>.Pad(), "sequences", "empty");
        Refusal.Of<ArgumentNullException>(() => Sequence<double>.Pad(Numbered(2, 1, 3), null!), "sequences[1]");
        Refusal.Of<ArgumentException>(() => Sequence<double>.Pad(Numbered(2, 1, 3), masked), "sequences", "without a mask", "at 1");
        Refusal.Of<ArgumentException>(() => Sequence<double>.Pad(Numbered(2, 2, 3)), "sequences", "2 sequences", "at 0");
        Refusal.Of<ArgumentException>(() => Sequence<double>.Pad(Numbered(2, 1, 3), Numbered(2, 1, 4)), "sequences", "4 features", "at 1");
    }

    [Fact]
    public void ToString_Sequence_SaysItsShape() =>
        new Sequence<float>(28, 7, 27).ToString().Should().Be("Sequence<Single> of 28 steps × 7 sequences × 27 features");

    /// <summary>0, 1, 2, … in the order of the layout.</summary>
    private static Sequence<double> Numbered(int steps, int batch, int features) =>
        new(steps, batch, features, [.. Enumerable.Range(0, steps * batch * features).Select(n => (double)n)]);

    private static void Same<T>(Sequence<T> actual, Sequence<T> expected)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        actual.ToString().Should().Be(expected.ToString());
        actual.Values.ToArray().Should().Equal(expected.Values.ToArray());
    }
}

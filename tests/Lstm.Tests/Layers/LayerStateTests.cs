using Lstm.Layers;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Layers;

public class LayerStateTests
{
    [Fact]
    public void Constructor_Parts_AreUsedAsTheyAre()
    {
        StatePart<double> part = Part("Sum", 2, 3);
        var state = new LayerState<double>(3, part);
        state.Batch.Should().Be(3);
        state.Parts.Should().ContainSingle().Which.Should().BeSameAs(part);
    }

    [Fact]
    public void Reset_State_ClearsAllParts()
    {
        LstmState<double> state = Filled(2, 3);
        state.Reset();
        Bits.Of(state).Should().Equal(new double[12]);
    }

    [Fact]
    public void Reset_OneSequence_LeavesTheOthers()
    {
        LstmState<double> state = Filled(2, 3);
        state.Reset(1);
        Bits.Of(state).Should().Equal(1, 2, 0, 0, 5, 6, 7, 8, 0, 0, 11, 12);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Reset_NoSuchSequence_IsRefused(int sequence)
    {
        LstmState<double> state = Filled(2, 3);
        Refusal.Of<ArgumentOutOfRangeException>(() => state.Reset(sequence), "sequence", "from 0 to 2", $"{sequence}");
        Bits.Of(state).Should().Equal(Bits.Of(Filled(2, 3)));
    }

    [Fact]
    public void CopyFrom_SameShape_TakesTheNumbers()
    {
        var state = new LstmState<double>(2, 3);
        LstmState<double> other = Filled(2, 3);
        state.CopyFrom(other);
        other.Reset();
        Bits.Of(state).Should().Equal(Bits.Of(Filled(2, 3)));
    }

    [Fact]
    public void CopyFrom_OtherShape_IsRefused()
    {
        LstmState<double> state = Filled(2, 3);
        LayerState<double>[] others = [Filled(2, 4), Filled(3, 3), Filled(3, 2), new(3, Part("Hidden", 2, 3)), new(3)];
        foreach (LayerState<double> other in others)
        {
            Refusal.Of<ArgumentException>(() => state.CopyFrom(other), "other", state.ToString(), other.ToString());
        }

        Refusal.Of<ArgumentNullException>(() => state.CopyFrom(null!), "other");
        Bits.Of(state).Should().Equal(Bits.Of(Filled(2, 3)));
    }

    [Fact]
    public void Clone_State_SharesNothing()
    {
        LstmState<double> state = Filled(2, 3);
        LstmState<double> clone = state.Clone();
        LayerState<double> ofBase = ((LayerState<double>)state).Clone();
        state.Reset();
        Bits.Of(clone).Should().Equal(Bits.Of(Filled(2, 3)));
        ofBase.Should().BeOfType<LstmState<double>>();
        Bits.Of(ofBase).Should().Equal(Bits.Of(Filled(2, 3)));
    }

    [Fact]
    public void Clone_StateOfNamedParts_KeepsTheNames()
    {
        var state = new LayerState<float>(2, new StatePart<float>("Sum", 1, 2), new StatePart<float>("Count", 3, 2));
        state.Clone().ToString().Should().Be(state.ToString());
    }

    [Fact]
    public void ToString_State_SaysItsParts()
    {
        new LstmState<float>(32, 7).ToString().Should().Be("LstmState<Single> of Hidden 32 × 7, Cell 32 × 7");
        new LayerState<double>(4).ToString().Should().Be("LayerState<Double> of nothing × 4");
        Part("Sum", 2, 3).ToString().Should().Be("Sum 2 × 3");
    }

    [Fact]
    public void Constructor_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new LayerState<float>(0), "batch", "at least 1", "0");
        Refusal.Of<ArgumentNullException>(() => new LayerState<float>(1, null!), "parts");
        Refusal.Of<ArgumentNullException>(() => new LayerState<double>(3, Part("Sum", 2, 3), null!), "parts");
        Refusal.Of<ArgumentException>(() => new LayerState<double>(2, Part("Sum", 2, 3)), "parts", "2 columns", "Sum 2 × 3");
    }

    [Fact]
    public void StatePart_Numbers_AreTheMatrixInColumns()
    {
        StatePart<double> part = Part("Sum", 2, 3);
        part.Values[3] = 7;
        part.Value[1, 1].Should().Be(7);
        part.Value[0, 2] = 5;
        part.Values.ToArray().Should().Equal(0, 0, 0, 7, 5, 0);
    }

    [Fact]
    public void StatePart_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentNullException>(() => new StatePart<float>(null!, 2, 3), "name");
        Refusal.Of<ArgumentException>(() => new StatePart<float>(" ", 2, 3), "name");
        Refusal.Of<ArgumentOutOfRangeException>(() => new StatePart<float>("Sum", 0, 3), "features", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new StatePart<float>("Sum", 2, -3), "batch", "at least 1", "-3");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new StatePart<float>("Sum", 1 << 16, 1 << 16), "features", "65536 × 65536");
    }

    [Fact]
    public void LstmState_Matrices_AreCopied()
    {
        Matrix<double> hidden = Matrix<double>.Build.Dense(2, 3, (row, column) => row + (10 * column));
        Matrix<double> cell = hidden.Transpose().Transpose() * 2;
        var state = new LstmState<double>(hidden, cell);
        hidden.Clear();
        Bits.Of(state).Should().Equal(0, 1, 10, 11, 20, 21, 0, 2, 20, 22, 40, 42);
        state.Hidden[1, 2] = 5;
        state.Parts[0].Values[5].Should().Be(5);
    }

    [Fact]
    public void LstmState_BadArgument_IsRefused()
    {
        Matrix<float> matrix = Matrix<float>.Build.Dense(2, 3);
        Refusal.Of<ArgumentNullException>(() => new LstmState<float>(null!, matrix), "hidden");
        Refusal.Of<ArgumentNullException>(() => new LstmState<float>(matrix, null!), "cell");
        Refusal.Of<ArgumentException>(
            () => new LstmState<float>(matrix, Matrix<float>.Build.Dense(3, 2)), "cell", "2 × 3", "3 × 2");
        Refusal.Of<ArgumentOutOfRangeException>(() => new LstmState<float>(2, 0), "batch", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new LstmState<float>(0, 2), "hiddenUnits", "at least 1", "0");
    }

    private static StatePart<double> Part(string name, int features, int batch) => new(name, features, batch);

    /// <summary>1, 2, 3, … through hidden and cell state.</summary>
    private static LstmState<double> Filled(int units, int batch)
    {
        var state = new LstmState<double>(units, batch);
        int next = 1;
        foreach (StatePart<double> part in state.Parts)
        {
            for (int n = 0; n < part.Values.Length; n++)
            {
                part.Values[n] = next++;
            }
        }

        return state;
    }
}

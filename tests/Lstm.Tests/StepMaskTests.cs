using Lstm.Tests.Support;

namespace Lstm.Tests;

public class StepMaskTests
{
    [Fact]
    public void FromLengths_ZeroAndWhole_IsValidUpToEachEnd()
    {
        StepMask mask = StepMask.FromLengths(3, 2, 0, 3);
        (mask.Steps, mask.Batch, mask.ValidSteps).Should().Be((3, 3, 5));
        (mask.HasGaps, mask.IsFull).Should().Be((false, false));
        mask.Lengths.ToArray().Should().Equal(2, 0, 3);
        mask.LengthOf(0).Should().Be(2);
        mask.Values.ToArray().Should().Equal(true, false, true, true, false, true, false, false, true);
        (mask[1, 0], mask[2, 0], mask[0, 1]).Should().Be((true, false, false));
        mask.ToString().Should().Be("StepMask of 3 steps × 3 sequences, 5 valid");
    }

    [Fact]
    public void FromValues_Gaps_EndsAtTheLastValidStep()
    {
        // Sequence 0: yes, no, yes, no. Sequence 1: no, yes, no, no. Sequence 2: yes, yes, no, no.
        bool[] values = [true, false, true, false, true, true, true, false, false, false, false, false];
        StepMask mask = StepMask.FromValues(4, 3, values);
        values[0] = false;
        mask.Lengths.ToArray().Should().Equal(3, 2, 2);
        mask.HasGaps.Should().BeTrue();
        (mask.ValidSteps, mask[0, 0], mask[0, 1]).Should().Be((5, true, false));
        mask.Columns.ToArray().Should().Equal(0, 2, 4, 5, 6);
        mask.ToString().Should().Be("StepMask of 4 steps × 3 sequences, 5 valid, with gaps");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IsFull_AllOrNone_IsSo(bool valid)
    {
        StepMask mask = StepMask.FromValues(2, 3, [valid, valid, valid, valid, valid, valid]);
        (mask.IsFull, mask.HasGaps, mask.ValidSteps).Should().Be((valid, false, valid ? 6 : 0));
        mask.Lengths.ToArray().Should().AllBeEquivalentTo(valid ? 2 : 0);
    }

    [Fact]
    public void Reversed_RandomMasks_TurnsEachSequenceWithinItsLength()
    {
        var random = new Random(1);
        for (int n = 0; n < 100; n++)
        {
            StepMask mask = Masks.Draw(random, 1 + random.Next(6), 1 + random.Next(4), gaps: n % 2 == 0);
            for (int b = 0; b < mask.Batch; b++)
            {
                int length = mask.LengthOf(b);
                Masks.StepsOf(mask.Reversed, b).Should().Equal(Masks.StepsOf(mask, b).Reverse().Select(t => length - 1 - t));
            }
        }
    }

    [Fact]
    public void Create_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => StepMask.FromLengths(0, 1), "steps", "at least 1", "0");
        Refusal.Of<ArgumentException>(() => StepMask.FromLengths(3), "lengths", "at least one sequence", "empty");
        Refusal.Of<ArgumentOutOfRangeException>(() => StepMask.FromLengths(3, 1, 4), "lengths", "from 0 to 3", "sequence 1 is 4");
        Refusal.Of<ArgumentOutOfRangeException>(() => StepMask.FromLengths(3, -1), "lengths", "from 0 to 3", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(() => StepMask.FromValues(0, 1, []), "steps", "at least 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => StepMask.FromValues(1, 0, []), "batch", "at least 1");
        Refusal.Of<ArgumentException>(() => StepMask.FromValues(2, 2, [true]), "values", "4 elements", "1");
        StepMask mask = StepMask.FromLengths(3, 1, 2);
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = mask[3, 0], "step", "from 0 to 2", "3");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = mask[0, 2], "sequence", "from 0 to 1", "2");
        Refusal.Of<ArgumentOutOfRangeException>(() => mask.LengthOf(2), "sequence", "from 0 to 1", "2");
    }
}

using System.Text;
using Lstm.Kernels;

namespace Lstm.Tests.Kernels;

public class PackedShareTests
{
    [Fact]
    public void Take_SameVersion_IsPackedOnceForAll()
    {
        var share = new PackedShare<StringBuilder>();
        PackedShare<StringBuilder>.Holder first = share.Take(7);
        first.Version.Should().NotBe(7, "it is still to be packed");
        share.Give(first, 7);

        PackedShare<StringBuilder>.Holder second = share.Take(7);
        PackedShare<StringBuilder>.Holder third = share.Take(7);
        (second.Packed, third.Packed).Should().Be((first.Packed, first.Packed));
        second.Version.Should().Be(7);
    }

    [Fact]
    public void Take_WhileOthersPackOrRead_IsAnotherCopy()
    {
        var share = new PackedShare<StringBuilder>();
        PackedShare<StringBuilder>.Holder packing = share.Take(7);
        PackedShare<StringBuilder>.Holder same = share.Take(7);
        same.Packed.Should().NotBeSameAs(packing.Packed, "that is not packed yet");
        share.Give(packing, 7);
        same.Version.Should().NotBe(7, "another has been packed, and this has not");
        PackedShare<StringBuilder>.Holder changed = share.Take(8);
        changed.Packed.Should().NotBeSameAs(same.Packed, "that is being read");
        share.Give(same, 7);
        share.Give(changed, 8);
        share.Take(8).Packed.Should().BeSameAs(changed.Packed);
    }

    [Fact]
    public void Take_AnotherVersionThatNobodyReads_TakesItsPlace()
    {
        var share = new PackedShare<StringBuilder>();
        PackedShare<StringBuilder>.Holder old = share.Take(7);
        share.Give(old, 7);
        PackedShare<StringBuilder>.Holder taken = share.Take(8);
        taken.Packed.Should().BeSameAs(old.Packed);
        taken.Version.Should().NotBe(8).And.NotBe(7);
    }

    [Fact]
    public void PaysForStep_Steps_IsTrueAfterSomeOfOneVersion()
    {
        var share = new PackedShare<StringBuilder>();
        bool[] Ask(long version) => [.. Enumerable.Range(0, 9).Select(_ => share.PaysForStep(version))];
        bool[] untilPacked = [.. Enumerable.Repeat(false, 8), true];
        Ask(0).Should().OnlyContain(pays => !pays, "the weights may change at any time");
        Ask(3).Should().Equal(untilPacked);
        Ask(4).Should().Equal(untilPacked, "the steps of other weights do not count");
        share.Give(share.Take(5), 5);
        Ask(5).Should().OnlyContain(pays => pays, "they are packed already");
    }
}

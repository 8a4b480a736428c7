using System.Text;
using Lstm.Kernels;

namespace Lstm.Tests.Kernels;

public class PackedShareTests
{
    private static readonly PackedShare<StringBuilder>.Holder Own = new();

    [Fact]
    public void Take_UnknownVersion_IsThePassesOwnAndNeverPacked()
    {
        var share = new PackedShare<StringBuilder>();
        for (int n = 0; n < 2; n++)
        {
            share.Take(0, Own, out bool isPacked).Should().BeSameAs(Own);
            isPacked.Should().BeFalse();
            share.Give(Own, 0);
        }

        (Own.Version, Own.Users).Should().Be((0, 0));
    }

    [Fact]
    public void Take_SameVersion_IsPackedOnceForAll()
    {
        var share = new PackedShare<StringBuilder>();
        PackedShare<StringBuilder>.Holder first = share.Take(7, Own, out bool isPacked);
        isPacked.Should().BeFalse("it is still to be packed");
        share.Give(first, 7);

        for (int n = 0; n < 2; n++)
        {
            share.Take(7, Own, out isPacked).Packed.Should().BeSameAs(first.Packed);
            isPacked.Should().BeTrue();
        }
    }

    [Fact]
    public void Take_WhileOthersPackOrRead_IsAnotherCopy()
    {
        var share = new PackedShare<StringBuilder>();
        PackedShare<StringBuilder>.Holder packing = share.Take(7, Own, out _);
        PackedShare<StringBuilder>.Holder same = share.Take(7, Own, out _);
        same.Packed.Should().NotBeSameAs(packing.Packed, "that is not packed yet");
        share.Give(packing, 7);
        same.Version.Should().NotBe(7, "another has been packed, and this has not");
        PackedShare<StringBuilder>.Holder changed = share.Take(8, Own, out _);
        changed.Packed.Should().NotBeSameAs(same.Packed, "that is being read");
        share.Give(same, 7);
        share.Give(changed, 8);
        share.Take(8, Own, out _).Packed.Should().BeSameAs(changed.Packed);
    }

    [Fact]
    public void Take_AnotherVersionThatNobodyReads_TakesItsPlace()
    {
        var share = new PackedShare<StringBuilder>();
        PackedShare<StringBuilder>.Holder old = share.Take(7, Own, out _);
        share.Give(old, 7);
        share.Take(8, Own, out bool isPacked).Packed.Should().BeSameAs(old.Packed);
        isPacked.Should().BeFalse();
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
        share.Give(share.Take(5, Own, out _), 5);
        Ask(5).Should().OnlyContain(pays => pays, "they are packed already");
    }
}

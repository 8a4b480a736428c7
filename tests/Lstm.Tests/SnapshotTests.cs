using FluentAssertions.Specialized;

namespace Lstm.Tests;

public class SnapshotTests
{
    [Fact]
    public void Get_AfterSet_GivesCopies()
    {
        var snapshot = new Snapshot<double>();
        double[] values = [1, 2, 3];
        snapshot.SetValues("a", values);
        snapshot.SetNumbers("b", 4, double.NaN);
        snapshot.SetNumbers("c", 7);
        snapshot.SetText("d", "text");
        values[0] = 5;
        snapshot.GetValues("a").ToArray().Should().Equal(1, 2, 3);
        snapshot.GetNumbers("b", 2).ToArray().Should().Equal(4, double.NaN);
        snapshot.GetNumber("c").Should().Be(7);
        snapshot.GetCount("c").Should().Be(7);
        snapshot.GetText("d").Should().Be("text");
    }

    [Fact]
    public void Part_OfAPart_IsTheSameSnapshotUnderLongerNames()
    {
        var snapshot = new Snapshot<float>();
        Snapshot<float> inner = snapshot.Part("outer.").Part("inner.");
        inner.SetValues("values", [1f]);
        inner.SetText("text", "x");
        snapshot.AllValues.Keys.Should().Equal("outer.inner.values");
        snapshot.GetText("outer.inner.text").Should().Be("x");
        inner.Contains("values").Should().BeTrue();
        snapshot.Contains("values").Should().BeFalse();
    }

    [Fact]
    public void Get_WhatIsNotThere_SaysSo()
    {
        Snapshot<float> snapshot = new Snapshot<float>().Part("p.");
        snapshot.SetNumbers("half", 0.5);
        snapshot.SetNumbers("negative", -1);
        snapshot.SetNumbers("two", 1, 2);
        Fails(() => snapshot.GetValues("x")).WithMessage("*no array*p.x*");
        Fails(() => snapshot.GetNumber("x")).WithMessage("*no numbers*p.x*");
        Fails(() => snapshot.GetText("half")).WithMessage("*no text*p.half*");
        Fails(() => snapshot.GetNumber("two")).WithMessage("*p.two*1 elements*2*");
        Fails(() => snapshot.GetCount("half")).WithMessage("*p.half*count*");
        Fails(() => snapshot.GetCount("negative")).WithMessage("*p.negative*-1*");

        static ExceptionAssertions<InvalidDataException> Fails(Action get) =>
            get.Should().ThrowExactly<InvalidDataException>();
    }
}

using FsCheck;
using FsCheck.Fluent;

namespace Lstm.Tests.Support;

/// <summary>Properties that hold for every shape. A failure is reported with the smallest shape and seed that FsCheck finds.</summary>
internal static class Property
{
    /// <summary>Sizes on both sides of every width of vector and tile that a kernel may have.</summary>
    private const int MostSteps = 8;
    private const int MostSequences = 18;
    private const int MostInputs = 35;
    private const int MostUnits = 40;

    public static void ForAllShapes(Action<Shape> property, int cases = 60) =>
        Prop.ForAll(Arb.From(Shapes, shape => shape.Smaller()), property)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true));

    private static Gen<Shape> Shapes =>
        from steps in Gen.Choose(1, MostSteps)
        from batch in Gen.Choose(1, MostSequences)
        from inputs in Gen.Choose(1, MostInputs)
        from units in Gen.Choose(1, MostUnits)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new Shape(steps, batch, inputs, units, seed);
}

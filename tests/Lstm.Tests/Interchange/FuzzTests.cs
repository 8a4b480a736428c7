using Lstm.Fuzz;

namespace Lstm.Tests.Interchange;

/// <summary>A short run of the mutations; a long one is a command of its own, see CONTRIBUTING.md.</summary>
public sealed class FuzzTests
{
    private const int Mutations = 1000;

    public static TheoryData<string> Kinds => new(FileKind.All.Select(kind => kind.Name));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Read_MutatedFiles_AreReadOrRefusedWithinBounds(string kind)
    {
        FuzzReport report = FuzzRun.Run(FileKind.All.Single(item => item.Name == kind), Mutations, seed: 7);

        report.Failure.Should().BeNull();
        report.Loaded.Should().BeInRange(1, Mutations - 1, "some mutations do no harm, and most do");
    }

    [Fact]
    public void Run_ABadOption_IsRefused()
    {
        using var error = new StringWriter();

        FuzzCommand.Run(["--count", "0"], TextWriter.Null, error).Should().Be(2);
        error.ToString().Should().Contain("--count must be at least 1");
        FuzzCommand.Run(["--kind", "zip"], TextWriter.Null, error).Should().Be(2);
    }
}

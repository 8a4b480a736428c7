using Lstm.Tests.Support;

namespace Lstm.Tests.Documentation;

/// <summary>The examples of the readme. They write to the console, which all tests share.</summary>
[Collection(AloneCollection.Name)]
public class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
    private static readonly IReadOnlyList<CodeExample> Examples = CodeExample.In(Text);

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Examples.Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Example_Run_PrintsWhatTheReadmeSays(int number)
    {
        CodeExample example = Examples[number];

        string output = example.Run();

        output.Should().Be(example.Output ?? string.Empty);
    }

    [Fact]
    public void In_Readme_FindsEveryFence()
    {
        int fences = Text.Split('\n').Count(line => line.StartsWith("```csharp", StringComparison.Ordinal));

        Examples.Should().HaveCount(fences).And.HaveCountGreaterThan(0);
        Examples[0].Output.Should().NotBeNull("the first example shows what it prints");
    }

    [Fact]
    public void Run_CodeThatDoesNotCompile_IsAFailure()
    {
        Action undefined = () => new CodeExample("Console.WriteLine(nothing);", null).Run();
        Action warned = () => new CodeExample("string? s = null; Console.WriteLine(s.Length);", null).Run();

        undefined.Should().Throw<Xunit.Sdk.XunitException>().WithMessage("*nothing*");
        warned.Should().Throw<Xunit.Sdk.XunitException>().WithMessage("*null*");
        new CodeExample("Console.WriteLine(1 + 1);", null).Run().Should().Be("2\n");
    }
}

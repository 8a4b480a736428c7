using System.Text.RegularExpressions;
using Lstm.Tests.Support;

namespace Lstm.Tests.Documentation;

/// <summary>The examples of the readme and of the pages in docs. They write to the console, which all tests share.</summary>
[Collection(AloneCollection.Name)]
public class DocumentTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Documents");

    private static readonly IReadOnlyDictionary<string, string> Texts = Directory
        .EnumerateFiles(Folder, "*.md", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'), File.ReadAllText);

    public static TheoryData<string, int> Examples
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach ((string name, string text) in Texts.OrderBy(text => text.Key, StringComparer.Ordinal))
            {
                for (int n = 0; n < CodeExample.In(text).Count; n++)
                {
                    data.Add(name, n);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_Run_PrintsWhatTheDocumentSays(string document, int number)
    {
        CodeExample example = CodeExample.In(Texts[document])[number];

        string output = example.Run();

        output.Should().Be(example.Output ?? string.Empty);
    }

    [Fact]
    public void In_EachDocument_FindsEveryFence()
    {
        Texts.Keys.Should().Contain(["README.md", "docs/your-own-layer.md"]);
        foreach (string text in Texts.Values)
        {
            int fences = text.Split('\n').Count(line => line.StartsWith("```csharp", StringComparison.Ordinal));
            CodeExample.In(text).Should().HaveCount(fences);
        }

        CodeExample.In(Texts["README.md"])[0].Output.Should().NotBeNull("the first example shows what it prints");
    }

    /// <summary>Of the files of the repository, those beside the documents are here: the pages, and their pictures.</summary>
    [Fact]
    public void Links_OfEachDocument_LeadToAFileAndAHeading()
    {
        string[] elsewhere = ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"];
        foreach ((string name, string text) in Texts)
        {
            foreach (Match link in Regex.Matches(text, @"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)"))
            {
                string path = Path.GetRelativePath(
                    Folder, Path.Combine(Folder, Path.GetDirectoryName(name)!, link.Groups[1].Value)).Replace('\\', '/');
                string target = link.Groups[1].Length == 0 ? name : path;
                (elsewhere.Contains(target) || File.Exists(Path.Combine(Folder, target))).Should().BeTrue(
                    $"{name} leads to {link.Groups[1].Value}");
                if (link.Groups[2].Success)
                {
                    Anchors(Texts[target]).Should().Contain(link.Groups[2].Value.ToUpperInvariant(), $"{name} leads there, in {target}");
                }
            }
        }
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

    /// <summary>What GitHub calls the headings of a page, but in capitals: without marks, a hyphen for each space.</summary>
    private static IEnumerable<string> Anchors(string text) => Regex.Matches(text, "^#+ (.*)$", RegexOptions.Multiline)
        .Select(heading => string.Concat(heading.Groups[1].Value.Trim().ToUpperInvariant()
            .Where(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_')).Replace(' ', '-'));
}

using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lstm.Tests.Documentation;

/// <summary>A program in a document, and what the document says that it prints; null if it says nothing.</summary>
internal sealed record CodeExample(string Code, string? Output)
{
    /// <summary>What the SDK adds to a new project.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Every fence of C# in a text of Markdown, with the fence of plain text that comes next after it, if any.</summary>
    public static IReadOnlyList<CodeExample> In(string markdown)
    {
        var examples = new List<CodeExample>();
        string[] blocks = markdown.ReplaceLineEndings("\n").Split("\n```");

        // Outside a fence at even places, inside at odd ones, where a block starts with its language.
        for (int n = 1; n < blocks.Length; n += 2)
        {
            (string language, string content) = Cut(blocks[n]);
            bool follows = n >= 3 && string.IsNullOrWhiteSpace(Cut(blocks[n - 1]).Content);
            if (language == "csharp")
            {
                examples.Add(new CodeExample(content, null));
            }
            else if (language == "text" && follows && Cut(blocks[n - 2]).Language == "csharp")
            {
                examples[^1] = examples[^1] with { Output = content };
            }
        }

        return examples;
    }

    /// <summary>Compiles the program as a new console project would, with warnings as errors, and runs it.</summary>
    /// <returns>What it prints.</returns>
    public string Run()
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "Example",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, parsing), CSharpSyntaxTree.ParseText(Code, parsing)],
            References,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                generalDiagnosticOption: ReportDiagnostic.Error,
                nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        compilation.Emit(image).Diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Should().BeEmpty();

        image.Position = 0;
        var context = new AssemblyLoadContext("Example", isCollectible: true);
        MethodInfo main = context.LoadFromStream(image).EntryPoint!;
        TextWriter console = Console.Out;
        using var output = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
            context.Unload();
        }

        return output.ToString();
    }

    private static (string Language, string Content) Cut(string block)
    {
        int line = block.IndexOf('\n', StringComparison.Ordinal);
        return line < 0 ? (block, string.Empty) : (block[..line], block[(line + 1)..] + "\n");
    }
}

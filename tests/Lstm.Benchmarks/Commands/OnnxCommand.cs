using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Lstm.Benchmarks.Peers;
using Lstm.Onnx.Tests.Goldens;

namespace Lstm.Benchmarks.Commands;

/// <summary><c>onnx</c>: models written as ONNX, run by ONNX Runtime and by this library.</summary>
internal static class OnnxCommand
{
    private const int Failed = 1;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var folder = new Option<DirectoryInfo?>("--folder")
        {
            Description = "Keep the models, and ONNX Runtime's numbers, there; they are the goldens of Lstm.Onnx.Tests",
        };
        var command = new Command("onnx", "Prints MODEL RUNS LARGEST_DIFFERENCE between this library and ONNX Runtime")
        {
            folder,
        };
        command.SetAction(result =>
        {
            if (result.GetValue(folder) is { } kept)
            {
                return Run(kept.FullName, output, error);
            }

            DirectoryInfo temporary = Directory.CreateTempSubdirectory("lstm-onnx-");
            try
            {
                return Run(temporary.FullName, output, error);
            }
            finally
            {
                temporary.Delete(recursive: true);
            }
        });
        return command;
    }

    private static int Run(string folder, TextWriter output, TextWriter error)
    {
        Directory.CreateDirectory(folder);
        foreach (ExportCase one in ExportCase.All)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{one}.onnx"), one.Write());
            File.WriteAllText(Path.Combine(folder, $"{one}.json"), OnnxRun.ToJson(one.Runs()));
        }

        try
        {
            string script = Path.Combine(PeerScript.Folder, "onnxruntime_check.mjs");
            using Process process = Process.Start(new ProcessStartInfo("node", [script, folder])
            {
                RedirectStandardOutput = true,
            })!;
            output.Write(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception exception)
        {
            error.WriteLine($"node cannot be started: {exception.Message}");
            return Failed;
        }
    }
}

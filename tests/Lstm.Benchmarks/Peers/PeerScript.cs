using System.Reflection;

namespace Lstm.Benchmarks.Peers;

/// <summary>A script that measures a peer, the programs that may run it, and what has to be installed.</summary>
internal sealed record PeerScript(string Name, string File, IReadOnlyList<string> Programs, string Install)
{
    /// <summary>The scripts' folder.</summary>
    public static string Folder { get; } = typeof(PeerScript).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PeersFolder").Value!;

    public static IReadOnlyList<PeerScript> All { get; } =
    [
        new(
            "pytorch",
            "pytorch_grid.py",
            ["python3", "/usr/bin/python3", "python"],
            "apt-get install python3-torch libopenblas0-openmp"),
        new(
            "onnxruntime",
            "onnxruntime_grid.mjs",
            ["node"],
            $"apt-get install nodejs npm python3-onnx; npm install --ignore-scripts --prefix {Folder}"),
    ];

    public string Path => System.IO.Path.Combine(Folder, File);
}

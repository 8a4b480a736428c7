using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Onnx;

namespace Lstm.Fuzz;

/// <summary>A kind of files: good ones to begin with, what reads them, and the exception that refuses them.</summary>
/// <param name="Name">What the kind is called on the command line.</param>
/// <param name="Files">Makes or reads good files, small ones.</param>
/// <param name="Read">Reads a file with all that is in it.</param>
/// <param name="Refusal">The documented exception.</param>
/// <param name="Mutate">Makes a bad file of a good one, with parts of another good one.</param>
public sealed record FileKind(
    string Name, Func<IEnumerable<byte[]>> Files, Action<byte[]> Read, Type Refusal, Func<byte[], byte[], Random, byte[]> Mutate)
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<FileKind> All { get; } =
    [
        new("safetensors", Tensors, ReadTensors, typeof(ModelFormatException), Mutation.Of),
        new("model", Models, file => LayerFile.Load<float>(new MemoryStream(file)), typeof(ModelFormatException), Mutation.Of),
        new("pt", () => Goldens("*.pt", "function.pt", "old.pt"), ReadTensors, typeof(ModelFormatException), ZipMutation.Of),
        new("npz", () => Goldens("*.npz", "objects.npz"), ReadTensors, typeof(ModelFormatException), ZipMutation.Of),
        Onnx,
    ];

    /// <summary>ONNX models, which are run as well.</summary>
    public static FileKind Onnx => new("onnx", OnnxProbe.Files, OnnxProbe.Read, typeof(OnnxException), ProtobufMutation.Of);

    private static void ReadTensors(byte[] file)
    {
        using TensorFile tensors = TensorFile.Open(new MemoryStream(file));
        foreach (TensorInfo tensor in tensors.Tensors.Where(tensor => tensor.ElementType != ElementType.Other))
        {
            tensors.Read<float>(tensor.Name);
        }
    }

    private static IEnumerable<byte[]> Tensors()
    {
        var tensors = new TensorSet { Metadata = { ["format"] = "pt", ["text"] = "é\n\"" } };
        yield return Save(tensors.SaveSafetensors);
        tensors.Add("weight", [3, 4], new float[12]);
        tensors.Add("bias", [3], new double[3]);
        tensors.Add("scalar", [], [float.NaN]);
        tensors.Add("none", [2, 0], Array.Empty<float>());
        yield return Save(tensors.SaveSafetensors);
    }

    private static IEnumerable<byte[]> Models()
    {
        var embedding = new EmbeddingLayer<float>(5, 3);
        Layer<float>[] layers =
        [
            new LstmLayer<float>(2, 3),
            new Network<float>(
                embedding,
                new BidirectionalLayer<float>(new LstmLayer<float>(3, 2), new LstmLayer<float>(3, 2)),
                new DropoutLayer<float>(4, 0.2),
                new ResidualLayer<float>(new LstmLayer<float>(4, 4, options: new LstmOptions { Peepholes = true, InputDropout = 0.1 })),
                new LstmLayer<float>(4, 5, options: new LstmOptions { Projection = 3, GateActivation = Activation.HardSigmoid() }),
                new LastStepLayer<float>(3),
                new DenseLayer<float>(embedding)),
        ];
        return layers.Select(layer => Save(stream => LayerFile.Save(layer, stream)));
    }

    private static byte[] Save(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    private static IEnumerable<byte[]> Goldens(string pattern, params string[] except) => Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Files"), pattern)
        .Where(path => !except.Contains(Path.GetFileName(path)))
        .Order(StringComparer.Ordinal)
        .Select(File.ReadAllBytes);
}

using System.Text.Json;
using Lstm.Onnx;

namespace Lstm.Fuzz;

/// <summary>Good ONNX models, and what tries one: it is loaded, run on small inputs, and made a network.</summary>
public static class OnnxProbe
{
    /// <summary>What the run of a changed model may make.</summary>
    private const long MaxElements = 1 << 16;

    /// <summary>What stands for an open dimension.</summary>
    private const int OpenSize = 2;

    /// <summary>The models of this library's and PyTorch's exporters, and ONNX's own of single nodes that run on any input.</summary>
    public static IEnumerable<byte[]> Files()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Files");
        using JsonDocument nodes = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "onnx_nodes.json")));
        return
        [
            .. Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
            .. nodes.RootElement.EnumerateArray().Select(node => node.GetProperty("model").GetBytesFromBase64()).Where(Runs),
        ];
    }

    /// <summary>Loads a model, runs it, and makes a network of it if it is one.</summary>
    /// <exception cref="OnnxException">It cannot be loaded, or not be run.</exception>
    public static void Read(byte[] file)
    {
        OnnxModel<float> model = OnnxModel<float>.Load(new MemoryStream(file), new OnnxLoadOptions { MaximumElements = MaxElements });
        var inputs = new Dictionary<string, OnnxTensor<float>>();
        foreach (OnnxValue input in model.Inputs)
        {
            int[] shape = [.. input.Shape?.Select(dimension => dimension.Size ?? OpenSize) ?? [OpenSize, OpenSize, OpenSize]];
            long count = shape.Aggregate(1L, (product, size) => Math.Min(product * size, MaxElements + 1));
            if (count > MaxElements)
            {
                return;
            }

            inputs.Add(input.Name, input.IsInteger
                ? OnnxTensor<float>.FromIntegers(shape, [.. Enumerable.Repeat(1L, (int)count)])
                : new OnnxTensor<float>(shape, [.. Enumerable.Repeat(0.5f, (int)count)]));
        }

        model.Run(inputs);
        try
        {
            model.ToNetwork(withoutSoftmax: true);
        }
        catch (OnnxException)
        {
            // Many models that run are no chain of layers.
        }
    }

    private static bool Runs(byte[] model)
    {
        try
        {
            Read(model);
            return true;
        }
        catch (OnnxException)
        {
            // Its inputs decide what shapes it makes, say.
            return false;
        }
    }
}

using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Fuzz;

/// <summary>
/// A network that is written for PyTorch. <c>torch_written.py</c> proves that PyTorch loads the files in the folder
/// <c>Written</c>, and keeps what it computes; the tests write the same bytes and compute the same.
/// </summary>
/// <param name="Name">The name of the file.</param>
/// <param name="Layer">The network, with weights drawn.</param>
/// <param name="Modules">The names of the modules.</param>
/// <param name="Input">What it is given.</param>
public sealed record WrittenCase(string Name, Layer<float> Layer, string[] Modules, Sequence<float> Input)
{
    public const string InputsName = "inputs";

    /// <summary>All cases, always the same.</summary>
    public static IReadOnlyList<WrittenCase> All() =>
    [
        Create("lstm", new LstmLayer<float>(3, 4), string.Empty),
        Create("stack", new Network<float>(new LstmLayer<float>(3, 4), new LstmLayer<float>(4, 4)), string.Empty),
        Create("both", Both(3), string.Empty),
        Create("stack_both_projection", new Network<float>(Both(3, 2), Both(4, 2)), string.Empty),
        Create("no_bias", new LstmLayer<float>(3, 4, options: new LstmOptions { UseBias = false }), string.Empty),
        Create("gru", new Network<float>(Gru(3), Gru(8)), string.Empty),
        Create("rnn", new RnnLayer<float>(3, 4, options: new RnnOptions { Activation = Activation.Relu }), string.Empty),
        Create(
            "tagger",
            new Network<float>(new EmbeddingLayer<float>(7, 3), Both(3), Both(8), new DenseLayer<float>(8, 5)),
            "words",
            "lstm",
            "fc"),
    ];

    /// <summary>The bytes of the file.</summary>
    public byte[] Bytes()
    {
        using var stream = new MemoryStream();
        PyTorch.StateDict(Layer, Modules).SaveSafetensors(stream);
        return stream.ToArray();
    }

    /// <summary>Writes all files, and one with their inputs.</summary>
    public static void WriteAll(string folder)
    {
        Directory.CreateDirectory(folder);
        var inputs = new TensorSet();
        foreach (WrittenCase item in All())
        {
            File.WriteAllBytes(Path.Combine(folder, $"{item.Name}.safetensors"), item.Bytes());
            inputs.Add(item.Name, [item.Input.Steps, item.Input.Batch, item.Input.Features], item.Input.Values.ToArray());
        }

        inputs.SaveSafetensors(Path.Combine(folder, $"{InputsName}.safetensors"));
    }

    private static BidirectionalLayer<float> Both(int inputs, int? projection = null)
    {
        var options = new LstmOptions { Projection = projection };
        return new BidirectionalLayer<float>(
            new LstmLayer<float>(inputs, 4, options: options), new LstmLayer<float>(inputs, 4, options: options));
    }

    private static BidirectionalLayer<float> Gru(int inputs) => new(new GruLayer<float>(inputs, 4), new GruLayer<float>(inputs, 4));

    private static WrittenCase Create(string name, Layer<float> layer, params string[] modules)
    {
        var random = new Random(name.Length);
        foreach (Parameter<float> parameter in layer.Parameters)
        {
            Fill(parameter.Values, random);
        }

        var input = new Sequence<float>(5, 3, layer.Inputs);
        Fill(input.Values, random);
        if (layer is Network<float> { Layers: [EmbeddingLayer<float> embedding, ..] })
        {
            for (int n = 0; n < input.Values.Length; n++)
            {
                input.Values[n] = random.Next(embedding.Tokens);
            }
        }

        return new WrittenCase(name, layer, modules, input);
    }

    private static void Fill(Span<float> values, Random random)
    {
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = (float)((2 * random.NextDouble()) - 1);
        }
    }
}

using System.Numerics;
using Lstm.Data;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>The layers of a language model.</summary>
internal static class LanguageNetwork
{
    /// <summary>Token → vector → LSTM layers → logits, with dropout between all of them.</summary>
    public static Network<T> Create<T>(Vocabulary vocabulary, LanguageModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = options.EmbeddingSize ?? options.HiddenUnits;
        Guard.Shape(
            !options.Tied || size == options.HiddenUnits,
            $"of an embedding of {options.HiddenUnits} numbers, as many as hidden units, where its matrix is the output's too",
            $"of {size}",
            nameof(options));
        var random = new Random(options.Seed);
        Initializer? range = options.InitialRange is { } r ? Initializer.Uniform(r) : null;
        EmbeddingLayer<T>? embedding = size == 0 ? null : new EmbeddingLayer<T>(vocabulary.Count, size, random, range);
        List<Layer<T>> layers = [embedding is null ? new OneHotLayer<T>(vocabulary.Count) : embedding];
        if (embedding is not null)
        {
            AddDropout(layers, options);
        }

        for (int n = 0; n < options.Layers; n++)
        {
            layers.Add(CreateLstm<T>(layers[^1].Outputs, options, range, random));
            AddDropout(layers, options);
        }

        DenseLayer<T> output = options.Tied
            ? new DenseLayer<T>(embedding!)
            : new DenseLayer<T>(options.HiddenUnits, vocabulary.Count, random, range);
        range?.Fill(output.Bias, vocabulary.Count, random);
        layers.Add(output);
        return new Network<T>(layers);
    }

    private static LstmLayer<T> CreateLstm<T>(int inputs, LanguageModelOptions options, Initializer? range, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var standard = new LstmOptions();
        var layer = new LstmLayer<T>(inputs, options.HiddenUnits, random, new LstmOptions
        {
            InputInitializer = range ?? standard.InputInitializer,
            RecurrentInitializer = range ?? standard.RecurrentInitializer,
            ForgetBias = options.ForgetBias ?? standard.ForgetBias,
        });
        if (range is not null)
        {
            range.Fill(layer.Bias, options.HiddenUnits, random);
            if (options.ForgetBias is { } bias)
            {
                layer.Bias.ChangeValues().Slice(options.HiddenUnits, options.HiddenUnits).Fill(T.CreateTruncating(bias));
            }
        }

        return layer;
    }

    private static void AddDropout<T>(List<Layer<T>> layers, LanguageModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.Dropout > 0)
        {
            int seed = (int)SplitMix64.At((ulong)options.Seed, (ulong)layers.Count);
            layers.Add(new DropoutLayer<T>(layers[^1].Outputs, options.Dropout, seed));
        }
    }
}

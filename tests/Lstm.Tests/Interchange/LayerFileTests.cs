using System.Numerics;
using System.Reflection;
using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Interchange;

public sealed class LayerFileTests
{
    /// <summary>Options of how weights are drawn, which are of no meaning once they are there.</summary>
    private static readonly string[] OfDrawing = ["InputInitializer", "RecurrentInitializer", "ForgetBias", "PeepholeInitializer", "ProjectionInitializer"];

    [Fact]
    public void SaveAndLoad_EveryKindOfLayer_GivesTheSameBits()
    {
        CheckAll<float>();
        CheckAll<double>();

        static void CheckAll<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach (Layer<T> layer in LayerExamples.All<T>())
            {
                Layer<T> loaded = Reload(layer);

                loaded.GetType().Should().Be(layer.GetType());
                loaded.ToString().Should().Be(layer.ToString());
                Bits.OfValues(loaded).Should().Equal(Bits.OfValues(layer), "of {0}", layer);
                Sequence<T> input = LayerExamples.Input(layer);
                loaded.Forward(input).Values.ToArray().Should().Equal(layer.Forward(input).Values.ToArray(), "of {0}", layer);
            }
        }
    }

    /// <summary>Fails when a kind of layer is added that nobody taught to be saved.</summary>
    [Fact]
    public void Examples_AllPublicLayers_AreAmongThem()
    {
        IEnumerable<Type> kinds = typeof(Layer<>).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && IsLayer(type));

        LayerExamples.All<float>().Select(layer => layer.GetType().GetGenericTypeDefinition()).Distinct()
            .Should().BeEquivalentTo(kinds);

        static bool IsLayer(Type? type) => type is not null
            && ((type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Layer<>)) || IsLayer(type.BaseType));
    }

    /// <summary>Fails when an option is added that is not saved, or that no example sets.</summary>
    [Fact]
    public void SaveAndLoad_EveryOption_ComesBack()
    {
        var set = new HashSet<string>();
        var all = new HashSet<string>();
        foreach (Layer<float> layer in LayerExamples.All<float>())
        {
            PropertyInfo? property = layer.GetType().GetProperty("Options");
            if (property?.GetValue(layer) is not object options)
            {
                continue;
            }

            object loaded = property.GetValue(Reload(layer))!;
            object standard = Activator.CreateInstance(options.GetType())!;
            foreach (PropertyInfo option in options.GetType().GetProperties().Where(option => !OfDrawing.Contains(option.Name)))
            {
                string name = $"{options.GetType().Name}.{option.Name}";
                option.GetValue(loaded).Should().Be(option.GetValue(options), "of {0}", name);
                all.Add(name);
                if (!Equals(option.GetValue(options), option.GetValue(standard)))
                {
                    set.Add(name);
                }
            }
        }

        set.Should().BeEquivalentTo(all);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void SaveAndLoad_LayersWithinLayers_InfersTheSameBits(int seed)
    {
        var random = new Random(seed);
        for (int n = 0; n < 10; n++)
        {
            Layer<double> layer = Composition.Draw<double>(random, 3, 4, depth: 3);
            Sequence<double> input = Draw.Sequence<double>(random, 5, 2, 3);

            Layer<double> loaded = Reload(layer);

            loaded.ToString().Should().Be(layer.ToString());
            loaded.Infer(input).Values.ToArray().Should().Equal(layer.Infer(input).Values.ToArray(), "of {0}", layer);
        }
    }

    [Fact]
    public void SaveAndLoad_TiedEmbedding_StaysTiedAndIsInTheFileOnce()
    {
        var embedding = new EmbeddingLayer<float>(9, 4, seed: 1);
        var network = new Network<float>(embedding, new LstmLayer<float>(4, 4, seed: 2), new DenseLayer<float>(embedding));

        byte[] file = Bytes(network);
        var loaded = (Network<float>)LayerFile.Load<float>(new MemoryStream(file));

        ((DenseLayer<float>)loaded.Layers[2]).Weights.Should().BeSameAs(((EmbeddingLayer<float>)loaded.Layers[0]).Weights);
        Bits.OfValues(loaded).Should().Equal(Bits.OfValues(network));
        using SafetensorsFile tensors = SafetensorsFile.Open(new MemoryStream(file));
        tensors.Tensors.Select(tensor => tensor.Name).Should().BeEquivalentTo(
            "0.weight", "1.weight_ih_l0", "1.weight_hh_l0", "1.bias_ih_l0", "1.bias_hh_l0", "2.bias");
    }

    [Fact]
    public void SaveAndLoad_OneLayerInTwoPlaces_StaysOne()
    {
        var lstm = new LstmLayer<float>(4, 4, seed: 3);
        var network = new Network<float>(new ReverseLayer<float>(lstm), new ResidualLayer<float>(lstm));

        var loaded = (Network<float>)Reload<float>(network);

        ((WrapperLayer<float>)loaded.Layers[1]).Inner.Should().BeSameAs(((WrapperLayer<float>)loaded.Layers[0]).Inner);
        loaded.Parameters.Should().HaveCount(3);
    }

    [Fact]
    public void SaveAndLoad_InAnotherPrecision_Converts()
    {
        var layer = new LstmLayer<double>(3, 4, seed: 4);
        using var stream = new MemoryStream(Bytes(layer));

        var loaded = (LstmLayer<float>)LayerFile.Load<float>(stream);

        Bits.OfValues(loaded).Should().Equal(Bits.OfValues(layer).Select(x => (float)x));
    }

    [Fact]
    public void Save_NegativeZeroAndNaN_ComeBackToTheBit()
    {
        var layer = new LstmLayer<float>(1, 1);
        layer.Bias.Values[0] = -0f;
        layer.Bias.Values[1] = float.NaN;

        var loaded = (LstmLayer<float>)Reload<float>(layer);

        float.IsNegative(loaded.Bias.Values[0]).Should().BeTrue();
        float.IsNaN(loaded.Bias.Values[1]).Should().BeTrue();
    }

    [Fact]
    public void Save_ALayerOfOnesOwn_IsRefusedAndNothingIsWritten()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lstm");
        try
        {
            string path = Path.Combine(folder.FullName, "model.safetensors");

            FluentActions.Invoking(() => LayerFile.Save(new Network<double>(new DecayLayer(2)), path))
                .Should().ThrowExactly<NotSupportedException>().WithMessage("DecayLayer*");
            folder.GetFiles().Should().BeEmpty();

            LayerFile.Save(new DenseLayer<float>(2, 3), path);
            LayerFile.Load<float>(path).Should().BeOfType<DenseLayer<float>>();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Save_TooDeep_IsRefused()
    {
        Layer<float> layer = new LstmLayer<float>(1, 1);
        for (int n = 0; n < 63; n++)
        {
            layer = new Network<float>(layer);
        }

        Reload(layer).ToString().Should().Be(layer.ToString());
        FluentActions.Invoking(() => Reload(new Network<float>(layer))).Should().ThrowExactly<NotSupportedException>();
    }

    internal static byte[] Bytes<T>(Layer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = new MemoryStream();
        LayerFile.Save(layer, stream);
        return stream.ToArray();
    }

    private static Layer<T> Reload<T>(Layer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => LayerFile.Load<T>(new MemoryStream(Bytes(layer)));
}

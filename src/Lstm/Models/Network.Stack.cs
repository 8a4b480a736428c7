using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>Makes networks of recurrent layers on top of each other.</summary>
public static class Network
{
    /// <summary>Stacks LSTMs.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="inputs">The features of the input; at least 1.</param>
    /// <param name="hiddenUnits">The hidden units of each layer, and of each direction; at least 1.</param>
    /// <param name="options">How they are stacked; two layers and nothing else if null.</param>
    /// <param name="seed">The weights, and what dropout drops, follow from it.</param>
    /// <param name="lstm">How each layer is made; the defaults if null.</param>
    /// <returns>The network, which may be a part of another one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix too large for an array.</exception>
    public static Network<T> Stack<T>(
        int inputs, int hiddenUnits, StackOptions? options = null, int seed = 0, LstmOptions? lstm = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return Stack<T>(inputs, width => new LstmLayer<T>(width, hiddenUnits, random, lstm), options, random.Next());
    }

    /// <summary>Stacks recurrent layers of any kind.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="inputs">The features of the input; at least 1.</param>
    /// <param name="create">
    /// Makes a layer of the given number of inputs. It is called from the lowest layer up, with two directions twice for
    /// each, forward first; give each layer weights of its own.
    /// </param>
    /// <param name="options">How they are stacked; two layers and nothing else if null.</param>
    /// <param name="dropoutSeed">What dropout drops follows from it.</param>
    /// <returns>The network, which may be a part of another one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null, or makes null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="inputs"/> is below 1.</exception>
    /// <exception cref="ArgumentException">A layer has other inputs than it was to have, or does not fit the one beside it.</exception>
    public static Network<T> Stack<T>(
        int inputs, Func<int, Layer<T>> create, StackOptions? options = null, int dropoutSeed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Guard.Positive(inputs);
        ArgumentNullException.ThrowIfNull(create);
        options ??= new StackOptions();
        List<Layer<T>> layers = [];
        int width = inputs;
        for (int n = 0; n < options.Layers; n++)
        {
            if (n > 0 && options.Dropout > 0)
            {
                layers.Add(new DropoutLayer<T>(width, options.Dropout, dropoutSeed + n));
            }

            Layer<T> layer = options.Bidirectional
                ? new BidirectionalLayer<T>(Made(create, width), Made(create, width))
                : Made(create, width);
            layers.Add(options.Residual && layer.Outputs == width ? new ResidualLayer<T>(layer) : layer);
            width = layer.Outputs;
        }

        if (options.LastStepOnly)
        {
            layers.Add(new LastStepLayer<T>(width));
        }

        return new Network<T>(layers);
    }

    private static Layer<T> Made<T>(Func<int, Layer<T>> create, int inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Layer<T> layer = create(inputs);
        ArgumentNullException.ThrowIfNull(layer, nameof(create));
        Guard.Shape(layer.Inputs == inputs, $"a function that makes layers of {inputs} inputs", $"one that made {layer}", nameof(create));
        return layer;
    }
}

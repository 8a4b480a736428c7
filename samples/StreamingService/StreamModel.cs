using Lstm;
using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Optimizers;

namespace StreamingService;

/// <summary>The model that is served unless another is given: it foretells the next value of a wave.</summary>
public static class StreamModel
{
    private const int HiddenUnits = 32;
    private const int Steps = 64;
    private const int Waves = 32;

    /// <summary>Reads the model of a file, or trains one and writes the file if there is none.</summary>
    /// <exception cref="ModelFormatException">The file is not a model.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static Layer<float> LoadOrTrain(string file, int epochs, int seed, TextWriter output)
    {
        if (File.Exists(file))
        {
            return LayerFile.Load<float>(file);
        }

        output.WriteLine($"There is no {file} yet: training a model of waves.");
        Network<float> network = Train(epochs, seed, output);
        LayerFile.Save(network, file);
        return network;
    }

    /// <summary>Trains a model on waves of random frequency, phase and height.</summary>
    public static Network<float> Train(int epochs, int seed, TextWriter output)
    {
        var random = new Random(seed);
        var network = new Network<float>(new LstmLayer<float>(1, HiddenUnits, random), new DenseLayer<float>(HiddenUnits, 1, random));
        var optimizer = new SgdOptimizer<float>(new SgdOptions { LearningRate = 0.2, Momentum = 0.9 });
        var loss = new MeanSquaredError<float>();
        var inputs = new Sequence<float>(Steps, Waves, 1);
        var targets = new Sequence<float>(Steps, Waves, 1);
        float error = 0;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            Draw(random, inputs, targets);
            network.ZeroGradient();
            error = loss.Evaluate(network.Forward(inputs), targets);
            network.Backward(loss.Gradient);
            GradientClipping.ByGlobalNorm(network.Parameters, 1);
            optimizer.Step(network.Parameters);
        }

        output.WriteLine($"After {epochs} epochs the next value is predicted with a mean squared error of {error:F5}.");
        return network;
    }

    private static void Draw(Random random, Sequence<float> inputs, Sequence<float> targets)
    {
        for (int wave = 0; wave < Waves; wave++)
        {
            double frequency = 0.1 + (0.4 * random.NextDouble());
            double phase = 2 * Math.PI * random.NextDouble();
            double height = 0.5 + (0.5 * random.NextDouble());
            for (int t = 0; t < Steps; t++)
            {
                inputs[t, wave, 0] = (float)(height * Math.Sin((frequency * t) + phase));
                targets[t, wave, 0] = (float)(height * Math.Sin((frequency * (t + 1)) + phase));
            }
        }
    }
}

using Lstm.Layers;
using Lstm.Losses;
using Lstm.Optimizers;

namespace Lstm.Tasks;

/// <summary>Lets a network learn from one sequence after the other.</summary>
/// <param name="network">What learns.</param>
/// <param name="loss">What becomes smaller.</param>
/// <param name="options">How it learns.</param>
public sealed class Learner(Layer<float> network, Loss<float> loss, LearnerOptions options)
{
    private readonly AdamOptimizer<float> _optimizer = new();
    private int _shown;

    /// <summary>Learns from one sequence.</summary>
    /// <param name="input">T × 1 × I.</param>
    /// <param name="target">What is wanted of it.</param>
    /// <returns>What the network gave before it learnt. It belongs to the network.</returns>
    public Sequence<float> Learn(Sequence<float> input, Sequence<float> target)
    {
        network.ZeroGradient();
        Sequence<float> output = network.Forward(input);
        loss.Evaluate(output, target);
        network.Backward(loss.Gradient);
        GradientClipping.ByGlobalNorm(network.Parameters, options.ClipNorm);
        _optimizer.LearningRate = options.LearningRate * Math.Pow(0.5, _shown / options.HalfLife);
        _optimizer.Step(network.Parameters);
        _shown++;
        return output;
    }
}

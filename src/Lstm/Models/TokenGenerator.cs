using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// Continues a list of tokens, token by token, with a layer or network that takes the index of a token and gives the
/// logits of the next. Any number of threads may use it at once, but not while the network is trained.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TokenGenerator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Layer<T> _network;

    /// <summary>Makes a generator.</summary>
    /// <param name="network">One input, the index of a token; an output, a logit, for each token of the vocabulary.</param>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    /// <exception cref="ArgumentException">The network has more than one input.</exception>
    public TokenGenerator(Layer<T> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Guard.Shape(network.Inputs == 1, "a network of one input, the index of a token", $"{network}", nameof(network));
        _network = network;
    }

    /// <summary>Continues a prompt, with random numbers that follow from a seed.</summary>
    /// <param name="prompt">
    /// The indices of the tokens to go on from; at least 1. They are run through the network by this call.
    /// </param>
    /// <param name="options">How tokens are chosen; drawn from the model's distribution as it is if null.</param>
    /// <param name="seed">The random numbers follow only from it.</param>
    /// <param name="state">The state before the prompt, of one sequence; zeros if null. It is read and not changed.</param>
    /// <returns>
    /// The tokens after the prompt, without end: take as many as are wanted. A token is computed when it is asked for.
    /// Each enumeration starts after the prompt, has a state of its own and gives the same tokens.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="prompt"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the vocabulary.</exception>
    /// <exception cref="ArgumentException">
    /// The prompt is empty, or the state has another shape; later, on enumeration: the network gives NaN or infinity.
    /// </exception>
    public IEnumerable<int> Generate(
        IReadOnlyList<int> prompt, SamplingOptions? options = null, int seed = 0, LayerState<T>? state = null)
    {
        (LayerState<T> primed, T[] logits) = Prime(prompt, state);
        return Enumerate(primed, logits, options ?? new SamplingOptions(), seed);
    }

    /// <summary>Continues a prompt, with random numbers from a given source.</summary>
    /// <param name="prompt">The indices of the tokens to go on from; at least 1.</param>
    /// <param name="options">How tokens are chosen; drawn from the model's distribution as it is if null.</param>
    /// <param name="random">
    /// The source of randomness. One number is drawn from it by this call, as the seed of all that follows, so that
    /// enumerations neither share it nor depend on each other.
    /// </param>
    /// <param name="state">The state before the prompt, of one sequence; zeros if null. It is read and not changed.</param>
    /// <returns>The tokens after the prompt, without end, the same in each enumeration.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="prompt"/> or <paramref name="random"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the vocabulary.</exception>
    /// <exception cref="ArgumentException">
    /// The prompt is empty, or the state has another shape; later, on enumeration: the network gives NaN or infinity.
    /// </exception>
    public IEnumerable<int> Generate(
        IReadOnlyList<int> prompt, SamplingOptions? options, Random random, LayerState<T>? state = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        (LayerState<T> primed, T[] logits) = Prime(prompt, state);
        return Enumerate(primed, logits, options ?? new SamplingOptions(), random.Next());
    }

    /// <summary>Says what the generator is.</summary>
    /// <returns>Its network's summary.</returns>
    public override string ToString() => $"TokenGenerator<{typeof(T).Name}> over {_network}";

    /// <summary>Runs the prompt: the state after it, and the logits of the token to come.</summary>
    private (LayerState<T> State, T[] Logits) Prime(IReadOnlyList<int> prompt, LayerState<T>? state)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        Guard.Shape(prompt.Count > 0, "a list of at least one token", "empty", nameof(prompt));
        for (int n = 0; n < prompt.Count; n++)
        {
            if ((uint)prompt[n] >= (uint)_network.Outputs)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(prompt),
                    prompt[n],
                    $"prompt must hold tokens from 0 to {_network.Outputs - 1}, but element {n} is {prompt[n]}.");
            }
        }

        Guard.Shape(state is null or { Batch: 1 }, "a state of one sequence", $"{state}", nameof(state));
        LayerState<T> primed = state?.Clone() ?? _network.CreateState(1);
        T[] input = new T[1];
        T[] logits = new T[_network.Outputs];
        foreach (int token in prompt)
        {
            Step(token, input, primed, logits);
        }

        return (primed, logits);
    }

    private IEnumerable<int> Enumerate(LayerState<T> primed, T[] primedLogits, SamplingOptions options, int seed)
    {
        var sampler = new TokenSampler<T>(options, new StateRandom<T>(seed));
        LayerState<T> state = primed.Clone();
        T[] logits = [.. primedLogits];
        T[] input = new T[1];
        while (true)
        {
            int token = sampler.Sample(logits);
            yield return token;
            Step(token, input, state, logits);
        }
    }

    private void Step(int token, T[] input, LayerState<T> state, T[] logits)
    {
        input[0] = T.CreateTruncating(token);
        _network.Step(input, state, logits);
    }
}

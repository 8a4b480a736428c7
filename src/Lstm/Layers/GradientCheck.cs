namespace Lstm.Layers;

/// <summary>
/// Compares the gradients that a layer's <see cref="Layer{T}.Backward"/> computes with finite differences of its
/// <see cref="Layer{T}.Forward"/>: the proof that the two belong together, for whoever writes a layer.
/// </summary>
/// <remarks>
/// The loss is <c>L = Σ R ⊙ output + Σ S ⊙ final state</c> with R and S drawn from U(−1, 1), so that every output of
/// every step has a gradient of its own. For each element x of each parameter, of the input and of the initial state, the
/// derivative is taken from five points (Abramowitz and Stegun 1964, 25.3.6, whose middle point has no weight),
/// <c>(L(x − 2h) − 8 L(x − h) + 8 L(x + h) − L(x + 2h)) / 12h</c>, with an error of order h⁴.
/// </remarks>
public static class GradientCheck
{
    /// <summary>Checks all gradients of a layer at its present parameters.</summary>
    /// <param name="layer">
    /// The layer. It must compute the same at every call, and be smooth where it is checked. Its parameters and accumulated
    /// gradients are afterwards what they were; its latest pass and what belongs to it, such as
    /// <see cref="Layer{T}.FinalState"/>, are replaced as by any training pass.
    /// </param>
    /// <param name="input">T × B × <see cref="Layer{T}.Inputs"/>; it is not changed. Small sizes show as much as large.</param>
    /// <param name="initialState">The state before the first step, zeros if null; it is not changed.</param>
    /// <param name="options">How to check; the defaults if null.</param>
    /// <returns>The largest errors and whether they are within the tolerance.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="layer"/> or <paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The layer cannot take the input or the state, or there is nothing to check: no parameter, no state, and the input
    /// left out.
    /// </exception>
    public static GradientReport Run(
        Layer<double> layer,
        Sequence<double> input,
        LayerState<double>? initialState = null,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        return new GradientCheckRun(layer, input, initialState, options ?? new GradientCheckOptions()).Run();
    }
}

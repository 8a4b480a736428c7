using System.Numerics;

namespace Lstm.Optimizers;

/// <summary>
/// Gives groups of parameters settings, or even an algorithm, of their own: a smaller learning rate for what was trained
/// before, no weight decay for embeddings. Whatever is in no group goes to the optimizer for the others.
/// </summary>
/// <remarks>
/// <see cref="Optimizer{T}.LearningRate"/> is that of the optimizer for the others. Where it is changed, by a schedule say,
/// those of the groups change by the same factor.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GroupedOptimizer<T> : Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Optimizer<T>[] _optimizers;
    private readonly double[] _shares;
    private readonly Dictionary<Parameter<T>, int> _groups = [];

    /// <summary>Makes an optimizer.</summary>
    /// <param name="others">The optimizer for the parameters that are in no group; its learning rate is above 0.</param>
    /// <param name="groups">The groups; no parameter and no optimizer twice.</param>
    /// <exception cref="ArgumentNullException">The optimizer, the list or a group is null.</exception>
    /// <exception cref="ArgumentException">A parameter or an optimizer occurs twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate of <paramref name="others"/> is 0.</exception>
    public GroupedOptimizer(Optimizer<T> others, params IReadOnlyList<OptimizerGroup<T>> groups)
        : base(Checked(others).LearningRate)
    {
        ArgumentNullException.ThrowIfNull(groups);
        _optimizers = new Optimizer<T>[groups.Count + 1];
        _optimizers[0] = others;
        for (int n = 0; n < groups.Count; n++)
        {
            OptimizerGroup<T> group = groups[n] ?? throw new ArgumentNullException(nameof(groups), $"groups[{n}] is null.");
            Guard.Shape(
                !_optimizers.Contains(group.Optimizer), "of different optimizers", $"of the same at {n} again", nameof(groups));
            _optimizers[n + 1] = group.Optimizer;
            foreach (Parameter<T> parameter in group.Parameters)
            {
                Guard.Shape(
                    _groups.TryAdd(parameter, n + 1), "of different parameters", $"of {parameter} at {n} again", nameof(groups));
            }
        }

        _shares = [.. _optimizers.Select(optimizer => optimizer.LearningRate / others.LearningRate)];
    }

    /// <summary>Says what the optimizer is.</summary>
    /// <returns>Its kind, then the optimizer for the others and those of the groups, line by line.</returns>
    public override string ToString() => string.Join(
        Environment.NewLine, _optimizers.Select(optimizer => $"  {optimizer}").Prepend($"GroupedOptimizer<{typeof(T).Name}>"));

    /// <inheritdoc/>
    public override void Save(IReadOnlyList<Parameter<T>> parameters, Snapshot<T> snapshot)
    {
        base.Save(parameters, snapshot);
        for (int n = 0; n < _optimizers.Length; n++)
        {
            _optimizers[n].Save(parameters, snapshot.Part($"group{n}."));
        }
    }

    /// <inheritdoc/>
    public override void Restore(IReadOnlyList<Parameter<T>> parameters, Snapshot<T> snapshot)
    {
        base.Restore(parameters, snapshot);
        for (int n = 0; n < _optimizers.Length; n++)
        {
            _optimizers[n].Restore(parameters, snapshot.Part($"group{n}."));
        }
    }

    /// <inheritdoc/>
    protected override void Update(Parameter<T> parameter)
    {
        int group = _groups.GetValueOrDefault(parameter);
        Optimizer<T> optimizer = _optimizers[group];
        (optimizer.LearningRate, optimizer.Threads) = (LearningRate * _shares[group], Threads);
        optimizer.UpdateOne(parameter);
    }

    private static Optimizer<T> Checked(Optimizer<T> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        Guard.AboveZero(others.LearningRate, nameof(others));
        return others;
    }
}

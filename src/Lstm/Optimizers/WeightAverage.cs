using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Optimizers;

/// <summary>
/// A running average of the values that parameters have had, which often predicts better than the last of them (Polyak and
/// Juditsky 1992). <see cref="Swap"/> exchanges it with the values, and back again.
/// </summary>
/// <remarks>
/// With a decay d it is <c>a ← d·a + (1 − d)·w</c> after each step, from a = w at the first; without, the mean of all,
/// <c>a ← a + (w − a)/n</c> at the n-th, as in averaged gradient descent (ASGD).
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class WeightAverage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] _parameters;
    private readonly T[][] _averages;

    /// <summary>Makes an average of nothing yet.</summary>
    /// <param name="parameters">The parameters. None twice.</param>
    /// <param name="decay">d, at least 0 and below 1; null for the mean of all.</param>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    /// <exception cref="ArgumentException">A parameter stands in the list twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is out of its range.</exception>
    public WeightAverage(IReadOnlyList<Parameter<T>> parameters, double? decay = null)
    {
        ParameterList.Check(parameters);
        Guard.Rate(decay, nameof(decay));
        _parameters = [.. parameters];
        _averages = [.. parameters.Select(parameter => new T[parameter.Count])];
        Decay = decay;
    }

    /// <summary>d; null for the mean of all.</summary>
    public double? Decay { get; }

    /// <summary>How often <see cref="Update"/> has been called.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the parameters have the average for their values.</summary>
    public bool IsSwapped { get; private set; }

    /// <summary>Takes in the values as they are now.</summary>
    /// <exception cref="InvalidOperationException">The average stands in the place of the values.</exception>
    public void Update()
    {
        if (IsSwapped)
        {
            throw new InvalidOperationException("Swap must be called again before Update: the average is in use as the values.");
        }

        Count++;
        T share = T.CreateTruncating(Count == 1 ? 1 : Decay is double decay ? 1 - decay : 1.0 / Count);
        for (int n = 0; n < _parameters.Length; n++)
        {
            // a + s·(w − a); in place, and with s = 1 exactly w.
            TensorPrimitives.Lerp(_averages[n], _parameters[n].ReadOnlyValues, share, _averages[n]);
        }
    }

    /// <summary>Exchanges the values of the parameters and the average.</summary>
    /// <exception cref="InvalidOperationException">There is no average yet.</exception>
    public void Swap()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("Update must be called before Swap: there is no average yet.");
        }

        for (int n = 0; n < _parameters.Length; n++)
        {
            Span<T> values = _parameters[n].ChangeValues();
            Span<T> average = _averages[n];
            for (int k = 0; k < values.Length; k++)
            {
                (values[k], average[k]) = (average[k], values[k]);
            }
        }

        IsSwapped = !IsSwapped;
    }

    /// <summary>Saves the average.</summary>
    /// <param name="snapshot">Where it is saved.</param>
    /// <exception cref="ArgumentNullException"><paramref name="snapshot"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The average stands in the place of the values.</exception>
    public void Save(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (IsSwapped)
        {
            throw new InvalidOperationException("Swap must be called again before Save: the average is in use as the values.");
        }

        snapshot.SetNumbers("count", Count);
        for (int n = 0; n < _averages.Length; n++)
        {
            snapshot.SetValues($"{n}", _averages[n]);
        }
    }

    /// <summary>Restores what <see cref="Save"/> saved.</summary>
    /// <param name="snapshot">What was saved.</param>
    /// <exception cref="ArgumentNullException"><paramref name="snapshot"/> is null.</exception>
    /// <exception cref="InvalidDataException">The snapshot is of other parameters. Nothing has been changed.</exception>
    /// <exception cref="InvalidOperationException">The average stands in the place of the values.</exception>
    public void Restore(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (IsSwapped)
        {
            throw new InvalidOperationException("Swap must be called again before Restore: the average is in use as the values.");
        }

        long count = snapshot.GetCount("count");
        for (int n = 0; n < _averages.Length; n++)
        {
            snapshot.GetValues($"{n}", _averages[n].Length);
        }

        for (int n = 0; n < _averages.Length; n++)
        {
            snapshot.GetValues($"{n}").CopyTo(_averages[n]);
        }

        Count = count;
    }
}

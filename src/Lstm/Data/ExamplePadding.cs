using System.Numerics;

namespace Lstm.Data;

/// <summary>Puts examples side by side into a batch that is as long as the longest of them, in memory that is used again.</summary>
internal sealed class ExamplePadding<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Example<T>[] _examples;
    private readonly bool _eachStep;
    private readonly bool _weighted;
    private readonly Sequence<T> _inputs;
    private readonly Sequence<T>? _targets;
    private int[] _classes = [];
    private T[] _weights = [];

    /// <summary>Checks that the examples fit together.</summary>
    public ExamplePadding(Example<T>[] examples)
    {
        for (int n = 0; n < examples.Length; n++)
        {
            ArgumentNullException.ThrowIfNull(examples[n], $"{nameof(examples)}[{n}]");
        }

        _examples = examples;
        _eachStep = examples.Select(example => example.IsEachStep).FirstOrDefault(each => each is not null) ?? true;
        _weighted = examples.Any(example => !example.Weights.IsEmpty);
        Example<T> first = examples[0];
        for (int n = 1; n < examples.Length; n++)
        {
            Example<T> example = examples[n];
            Guard.Shape(
                example.Inputs.Features == first.Inputs.Features
                && example.Targets?.Features == first.Targets?.Features
                && (example.IsEachStep ?? _eachStep) == _eachStep,
                $"examples that fit together, as the first, {first}",
                $"{example} at {n}",
                nameof(examples));
        }

        _inputs = new Sequence<T>(1, 1, first.Inputs.Features);
        _targets = first.Targets is null ? null : new Sequence<T>(1, 1, first.Targets.Features);
    }

    public Batch<T> Pad(ReadOnlySpan<int> members)
    {
        int batch = members.Length;
        int[] lengths = new int[batch];
        for (int b = 0; b < batch; b++)
        {
            lengths[b] = _examples[members[b]].Length;
        }

        int steps = lengths.Max();
        int wanted = (_eachStep ? steps : 1) * batch;
        _inputs.Resize(steps, batch);
        _inputs.Values.Clear();
        _inputs.Mask = lengths.Min() == steps ? null : StepMask.FromLengths(steps, lengths);
        Memory<T> weights = Weights(wanted);
        for (int b = 0; b < batch; b++)
        {
            Example<T> example = _examples[members[b]];
            Spread(example.Inputs.Values, _inputs.Values, _inputs.Features, batch, b);
            if (_weighted && example.Weights.IsEmpty)
            {
                for (int n = 0; n < wanted; n += batch)
                {
                    weights.Span[n + b] = T.One;
                }
            }
            else if (_weighted)
            {
                Spread(example.Weights, weights.Span, 1, batch, b);
            }
        }

        return _targets is null ? OfClasses(members, wanted, weights) : OfTargets(members, wanted, weights);
    }

    private Batch<T> OfClasses(ReadOnlySpan<int> members, int wanted, Memory<T> weights)
    {
        if (_classes.Length < wanted)
        {
            _classes = new int[wanted];
        }

        Memory<int> classes = _classes.AsMemory(0, wanted);
        classes.Span.Clear();
        for (int b = 0; b < members.Length; b++)
        {
            Spread(_examples[members[b]].Classes, classes.Span, 1, members.Length, b);
        }

        return Batch<T>.OfClasses(_inputs, classes, weights);
    }

    private Batch<T> OfTargets(ReadOnlySpan<int> members, int wanted, Memory<T> weights)
    {
        _targets!.Resize(wanted / members.Length, members.Length);
        _targets.Values.Clear();
        for (int b = 0; b < members.Length; b++)
        {
            Spread(_examples[members[b]].Targets!.Values, _targets.Values, _targets.Features, members.Length, b);
        }

        return Batch<T>.OfTargets(_inputs, _targets, weights);
    }

    private Memory<T> Weights(int count)
    {
        if (!_weighted)
        {
            return default;
        }

        if (_weights.Length < count)
        {
            _weights = new T[count];
        }

        Memory<T> weights = _weights.AsMemory(0, count);
        weights.Span.Clear();
        return weights;
    }

    /// <summary>Writes the steps of one sequence to where they stand in a batch.</summary>
    private static void Spread<TItem>(ReadOnlySpan<TItem> one, Span<TItem> all, int features, int batch, int b)
    {
        for (int t = 0; t * features < one.Length; t++)
        {
            one.Slice(t * features, features).CopyTo(all.Slice(((t * batch) + b) * features));
        }
    }
}

using System.Numerics;
using Lstm.Losses;

namespace Lstm.Models;

/// <summary>
/// The search for the targets of one source: the k most likely beginnings, of which each step makes the k most likely ones
/// that are a token longer. A beginning that ends is put aside. With k = 1 it takes the most likely token each time.
/// </summary>
internal sealed class Beam<T>(int classes, int boundary, DecodingOptions options, int maximumLength)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Wu et al. 2016, equation 14.
    private const double LengthOffset = 5;

    private readonly int _width = options.BeamWidth;
    private readonly List<Hypothesis> _found = [];

    // Where the beginnings come from: for each step and column, the column of the step before and the token.
    private readonly List<(int Parent, int Token)[]> _steps = [];
    private readonly T[] _logProbabilities = new T[classes];

    // The best continuations of a step, best first: k that may end, and k that go on.
    private readonly Candidate[] _best = new Candidate[2 * options.BeamWidth];
    private double[] _scores = [0, .. Enumerable.Repeat(double.NegativeInfinity, options.BeamWidth - 1)];

    private readonly record struct Candidate(double Score, int Parent, int Token);

    /// <summary>Whether there is nothing more to find. A step then changes nothing.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes a step.</summary>
    /// <param name="logits">For each of the k beginnings the logits of its next token.</param>
    /// <param name="parents">To be overwritten: for each new beginning the one that it continues.</param>
    /// <param name="tokens">To be overwritten: for each new beginning its last token.</param>
    public void Advance(ReadOnlySpan<T> logits, Span<int> parents, Span<int> tokens)
    {
        parents.Clear();
        tokens.Fill(boundary);
        if (IsDone)
        {
            return;
        }

        int candidates = Rank(logits);
        if (_steps.Count == maximumLength)
        {
            End(candidates);
            return;
        }

        double[] scores = [.. Enumerable.Repeat(double.NegativeInfinity, _width)];
        var step = new (int Parent, int Token)[_width];
        int live = 0;
        for (int n = 0; n < candidates && live < _width; n++)
        {
            Candidate candidate = _best[n];
            if (candidate.Token != boundary)
            {
                scores[live] = candidate.Score;
                step[live] = (candidate.Parent, candidate.Token);
                (parents[live], tokens[live]) = step[live];
                live++;
            }
            else if (n < _width && _found.Count < _width)
            {
                Put(Trace(candidate.Parent), candidate.Score, isComplete: true);
            }
        }

        _steps.Add(step);
        _scores = scores;
        IsDone = _found.Count == _width || live == 0;
    }

    /// <summary>What was found, the best first. If that is fewer than k, the best of what did not end comes along.</summary>
    public IReadOnlyList<Hypothesis> Results()
    {
        for (int column = 0; column < _width && _found.Count < _width; column++)
        {
            if (double.IsFinite(_scores[column]))
            {
                Put(Trace(column), _scores[column], isComplete: false);
            }
        }

        // Stable: of equal ones the one found first.
        return [.. _found.OrderByDescending(found => found.Score)];
    }

    /// <summary>The step after the longest beginnings there may be: those among whose best continuations the end is are complete.</summary>
    private void End(int candidates)
    {
        for (int n = 0; n < Math.Min(candidates, _width) && _found.Count < _width; n++)
        {
            if (_best[n].Token == boundary)
            {
                Put(Trace(_best[n].Parent), _best[n].Score, isComplete: true);
                _scores[_best[n].Parent] = double.NegativeInfinity;
            }
        }

        IsDone = true;
    }

    /// <summary>Fills <see cref="_best"/>; of equal ones the earlier beginning and the lower token come first.</summary>
    private int Rank(ReadOnlySpan<T> logits)
    {
        int count = 0;
        for (int parent = 0; parent < _width && double.IsFinite(_scores[parent]); parent++)
        {
            ReadOnlySpan<T> own = logits.Slice(parent * classes, classes);
            try
            {
                Softmax.LogProbabilities(own, _logProbabilities);
            }
            catch (ArgumentException exception)
            {
                throw new ArithmeticException($"The network gives logits that are not finite. {exception.Message}", exception);
            }

            for (int token = 0; token < classes; token++)
            {
                double score = _scores[parent] + double.CreateTruncating(_logProbabilities[token]);
                if (double.IsFinite(score) && (count < _best.Length || score > _best[^1].Score))
                {
                    int at = count < _best.Length ? count++ : count - 1;
                    for (; at > 0 && score > _best[at - 1].Score; at--)
                    {
                        _best[at] = _best[at - 1];
                    }

                    _best[at] = new Candidate(score, parent, token);
                }
            }
        }

        return count;
    }

    private int[] Trace(int column)
    {
        int[] tokens = new int[_steps.Count];
        for (int step = tokens.Length - 1; step >= 0; step--)
        {
            (column, tokens[step]) = _steps[step][column];
        }

        return tokens;
    }

    private void Put(int[] tokens, double logProbability, bool isComplete)
    {
        int length = tokens.Length + (isComplete ? 1 : 0);
        double penalty = Math.Pow((LengthOffset + length) / (LengthOffset + 1), options.LengthPenalty);
        _found.Add(new Hypothesis(tokens, logProbability, logProbability / penalty, isComplete));
    }
}

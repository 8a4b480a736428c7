using System.Text;
using Lstm.Data;
using Lstm.Interchange;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Models;

public class SequenceToSequenceTests
{
    private static readonly SequenceToSequenceOptions Small =
        new() { EmbeddingSize = 8, HiddenUnits = 32, BatchSize = 8, Seed = 3 };

    /// <summary>Every word of up to three of the letters, and the word from its end.</summary>
    private static readonly TextPair[] Reversals =
    [
        .. from length in Enumerable.Range(1, 3)
           from n in Enumerable.Range(0, (int)Math.Pow(3, length))
           let word = string.Concat(Enumerable.Range(0, length).Select(at => "abc"[n / (int)Math.Pow(3, at) % 3]))
           select new TextPair(word, string.Concat(word.Reverse())),
    ];

    private static readonly Lazy<SequenceToSequence<float>> Trained = new(() =>
    {
        SequenceToSequence<float> model = SequenceToSequence<float>.ForTexts(Reversals, options: Small);
        model.Threads = 1;
        Fit(model);
        return model;
    });

    [Fact]
    public void Fit_Reversals_WritesThemAll()
    {
        SequenceToSequence<float> model = Trained.Value;

        model.Accuracy(Reversals).Should().Be(1);
        model.Generate([.. Reversals.Select(pair => pair.Source)]).Should().Equal(Reversals.Select(pair => pair.Target));
        model.Generate("abc").Should().Be("cba");
        model.Generate("abc", new DecodingOptions { BeamWidth = 3 }).Should().Be("cba");
        model.Stream("abc").Should().Equal("c", "b", "a");
        model.MaximumLength.Should().Be(3);
    }

    [Fact]
    public void Fit_ShorterTargetsThanBefore_KeepsTheLengthThatItMayWrite()
    {
        SequenceToSequence<float> model = SequenceToSequence<float>.ForTexts(Reversals, options: Small);
        Fit(model, Reversals[^2..], epochs: 1);
        model.MaximumLength.Should().Be(3);
        Fit(model, Reversals[..2], epochs: 1);
        model.MaximumLength.Should().Be(3);
    }

    [Fact]
    public void Fit_FewPairsByDefault_TakesStepsEnoughToLearnThem()
    {
        SequenceToSequence<float> model = SequenceToSequence<float>.ForTexts(Reversals, options: new() { HiddenUnits = 24 });
        model.Threads = 1;

        TrainingReport report = model.Fit(Reversals);

        report.Steps.Should().Be(1000, "there are two steps to an epoch, of which 25 would be far too few");
        model.Accuracy(Reversals).Should().BeGreaterThan(0.9);
    }

    [Fact]
    public void Accuracy_SomeTargetsWrong_IsTheShareThatGreedySearchWrites()
    {
        TextPair[] pairs = [.. Reversals.Select((pair, n) => n % 3 == 0 ? pair with { Target = "abb" } : pair)];
        string[] written = Trained.Value.Generate([.. pairs.Select(pair => pair.Source)]);

        double share = pairs.Zip(written).Count(one => one.First.Target == one.Second) / (double)pairs.Length;

        Trained.Value.Accuracy(pairs).Should().Be(share).And.BeLessThan(0.8);
    }

    [Fact]
    public void Evaluate_AnotherSource_CountsFromTheStart()
    {
        SequenceToSequence<float> model = Trained.Value;
        var objective = new SequenceToSequenceObjective<float>(model.Network);
        Metric(Reversals.Select(pair => pair with { Target = "abbab" })).Should().Be(0);
        Metric(Reversals).Should().Be(1);

        double Metric(IEnumerable<TextPair> pairs) => objective.Metric(Trainer<float>.Evaluate(objective, Batches(model, pairs)));
    }

    [Fact]
    public void Save_AfterTraining_HoldsTheNumberOfPasses()
    {
        SequenceToSequence<float> model = SequenceToSequence<float>.ForTexts(Reversals, options: Small with { TeacherForcing = 0.5 });
        var objective = new SequenceToSequenceObjective<float>(model.Network);
        objective.Train(Batches(model, Reversals)[0]);
        objective.Train(Batches(model, Reversals)[1]);
        var snapshot = new Snapshot<float>();
        objective.Save(snapshot);
        snapshot.GetNumbers("call").ToArray().Should().Equal(2);
    }

    [Fact]
    public void Search_Beam_RanksTextsByScore()
    {
        IReadOnlyList<(string Text, Hypothesis Hypothesis)> found = Trained.Value.Search("ab", new() { BeamWidth = 4 });

        found.Should().HaveCount(4);
        found[0].Text.Should().Be("ba");
        found[0].Hypothesis.IsComplete.Should().BeTrue();
        found.Select(one => one.Hypothesis.Score).Should().BeInDescendingOrder();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Search_TargetAsLongAsMayBe_IsCompleteIfItEndsThere(int width)
    {
        DecodingOptions options = new() { BeamWidth = width };
        (string text, Hypothesis whole) = Trained.Value.Search("abc", options)[0];
        (string begun, Hypothesis cut) = Trained.Value.Search("abc", options with { MaximumLength = 2 })[0];
        Hypothesis free = Trained.Value.Search("abc", options with { MaximumLength = 9 })[0].Hypothesis;

        text.Should().HaveLength(Trained.Value.MaximumLength).And.Be("cba");
        whole.IsComplete.Should().BeTrue();
        whole.LogProbability.Should().Be(free.LogProbability, "its end is counted wherever the limit is");
        begun.Should().Be("cb");
        cut.IsComplete.Should().BeFalse();
    }

    [Fact]
    public void Generate_ManyThreads_EachGetsItsOwn() =>
        Parallel.ForEach(
            Enumerable.Repeat(Reversals, 4).SelectMany(pair => pair),
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            pair => Trained.Value.Generate(pair.Source, new() { BeamWidth = 2 }).Should().Be(pair.Target));

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Fit_SameSeed_GivesTheSameBitsWhateverTheThreads(double teacherForcing)
    {
        SequenceToSequence<float> Train(int threads, int seed)
        {
            SequenceToSequence<float> model = SequenceToSequence<float>.ForTexts(
                Reversals, options: Small with { TeacherForcing = teacherForcing, Dropout = 0.1, Seed = seed });
            model.Threads = threads;
            Fit(model, epochs: 2);
            return model;
        }

        float[] one = Values(Train(1, 5));

        Values(Train(2, 5)).Should().Equal(one);
        Values(Train(1, 6)).Should().NotEqual(one);
    }

    [Fact]
    public void Fit_WithoutTeacherForcing_TrainsOnWhatTheModelWrites()
    {
        SequenceToSequence<float> forced = SequenceToSequence<float>.ForTexts(Reversals, options: Small);
        SequenceToSequence<float> free = SequenceToSequence<float>.ForTexts(Reversals, options: Small with { TeacherForcing = 0 });
        Fit(forced, epochs: 1);
        Fit(free, epochs: 1);
        Values(free).Should().NotEqual(Values(forced));

        Fit(free);

        free.Accuracy(Reversals).Should().Be(1);
    }

    [Fact]
    public void Fit_Validation_ReportsTheShareOfRightTargets()
    {
        SequenceToSequence<float> model = SequenceToSequence<float>.ForTexts(Reversals, options: Small);
        var seen = new List<TrainingProgress>();

        TrainingReport report = model.Fit(
            Reversals, Reversals[..10], new TrainerOptions { Epochs = 2 }, progress: new Watch(seen.Add));

        report.History.Should().HaveCount(2);
        TrainingProgress last = seen.Last(progress => progress.Event == TrainingEvent.Epoch);
        last.MetricName.Should().Be("right");
        last.Metric.Should().BeInRange(0, 1);
        last.ItemName.Should().Be("tokens");
    }

    [Fact]
    public void ForTexts_Words_ReadsAndWritesWords()
    {
        TextPair[] pairs = [new("one two", "un deux"), new("two", "deux"), new("one", "un")];
        SequenceToSequence<double> model = SequenceToSequence<double>.ForTexts(pairs, TokenKind.Word, Small);
        Fit(model, pairs, 60);

        model.Generate("one two").Should().Be("un deux");
        model.Source.Kind.Should().Be(TokenKind.Word);
        model.ToString().Should().ContainAll("SequenceToSequence<Double>", "2 words", "EncoderDecoder");
    }

    [Fact]
    public void Generate_SourceThatCannotBeRead_IsRefused()
    {
        SequenceToSequence<float> model = Trained.Value;

        ((Action)(() => model.Generate("abd"))).Should().Throw<ArgumentException>().WithMessage("*'d'*position 2*");
        Refusal.Of<ArgumentException>(() => model.Generate(""), "sources", "at least one token", "empty");
        Refusal.Of<ArgumentNullException>(() => model.Generate((string)null!), "source");
        Refusal.Of<ArgumentException>(() => model.Search(""), "source", "empty");
        Refusal.Of<ArgumentException>(() => model.Stream(""), "source", "empty");
        Refusal.Of<ArgumentOutOfRangeException>(() => model.MaximumLength = 0, "MaximumLength", "0");
    }

    [Fact]
    public void Fit_BadPairs_AreRefusedAndNothingIsLearnt()
    {
        SequenceToSequence<float> model = SequenceToSequence<float>.ForTexts(Reversals, options: Small);
        float[] before = Values(model);

        Refusal.Of<ArgumentException>(() => model.Fit([]), "pairs", "empty");
        Refusal.Of<ArgumentNullException>(() => model.Fit(null!), "pairs");
        Refusal.Of<ArgumentNullException>(() => model.Fit([null!]), "pairs");
        Refusal.Of<ArgumentException>(() => model.Fit([new("", "a")]), "pairs", "empty");
        ((Action)(() => model.Fit([new("a", "d")]))).Should().Throw<ArgumentException>().WithMessage("*'d'*");
        ((Action)(() => model.Fit(Reversals, [new("d", "a")]))).Should().Throw<ArgumentException>().WithMessage("*'d'*");

        Values(model).Should().Equal(before);
    }

    [Theory]
    [InlineData("EmbeddingSize")]
    [InlineData("HiddenUnits")]
    [InlineData("Layers")]
    [InlineData("BatchSize")]
    [InlineData("Dropout")]
    [InlineData("TeacherForcing")]
    public void Options_OutOfRange_AreRefused(string property)
    {
        Func<SequenceToSequenceOptions>[] bad = property switch
        {
            "EmbeddingSize" => [() => new() { EmbeddingSize = 0 }],
            "HiddenUnits" => [() => new() { HiddenUnits = 0 }],
            "Layers" => [() => new() { Layers = 0 }],
            "BatchSize" => [() => new() { BatchSize = 0 }],
            "Dropout" => [() => new() { Dropout = 1 }, () => new() { Dropout = -0.1 }, () => new() { Dropout = double.NaN }],
            _ => [() => new() { TeacherForcing = 1.1 }, () => new() { TeacherForcing = -0.1 }],
        };
        foreach (Func<SequenceToSequenceOptions> make in bad)
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => make(), property);
        }
    }

    [Fact]
    public void Fit_ResumedFromACheckpoint_EndsWithTheSameBits()
    {
        SequenceToSequenceOptions options = Small with { TeacherForcing = 0.5, Dropout = 0.2 };
        string file = Path.GetTempFileName();
        File.Delete(file);
        SequenceToSequence<float> Train(CheckpointOptions? checkpoint, long stopAfter)
        {
            SequenceToSequence<float> model = SequenceToSequence<float>.ForTexts(Reversals, options: options);
            using var stop = new CancellationTokenSource();
            model.Fit(
                Reversals,
                training: new TrainerOptions { Epochs = 3, Checkpoint = checkpoint },
                progress: new Watch(progress =>
                {
                    if (progress.Step >= stopAfter)
                    {
                        stop.Cancel();
                    }
                }),
                cancellation: stop.Token);
            return model;
        }

        float[] whole = Values(Train(null, long.MaxValue));
        try
        {
            CheckpointOptions checkpoint = new(file) { EverySteps = 1 };
            Values(Train(checkpoint, 7)).Should().NotEqual(whole, "it stopped in the middle of the second epoch");
            Values(Train(checkpoint, long.MaxValue)).Should().Equal(whole);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(true, 1, 0.0)]
    [InlineData(false, 2, 0.25)]
    public void Load_SavedModel_IsTheSame(bool peeky, int layers, double dropout)
    {
        SequenceToSequenceOptions options = new()
        {
            EmbeddingSize = 3,
            HiddenUnits = 5,
            Layers = layers,
            ReverseSource = peeky,
            Peeky = peeky,
            Dropout = dropout,
            TeacherForcing = 0.75,
            BatchSize = 7,
            Seed = -4,
        };
        SequenceToSequence<float> model = new(
            new Vocabulary(TokenKind.Word, ["<unk>", "ein", "zwei"], "<unk>"), Vocabulary.OfCharacters("ab ü"), options)
        {
            MaximumLength = 6,
        };

        SequenceToSequence<float> loaded = Reload(model);

        loaded.Options.Should().Be(options);
        loaded.MaximumLength.Should().Be(6);
        (loaded.Source.Kind, loaded.Source.Unknown).Should().Be((TokenKind.Word, "<unk>"));
        loaded.Source.Tokens.Should().Equal(model.Source.Tokens);
        loaded.Target.Tokens.Should().Equal(model.Target.Tokens);
        Values(loaded).Should().Equal(Values(model));
        loaded.Generate("zwei drei", new() { BeamWidth = 3 }).Should().Be(model.Generate("zwei drei", new() { BeamWidth = 3 }));
        Fit(loaded, [new("zwei", "b")], 1);
        Values(loaded).Should().NotEqual(Values(model), "it can be trained on");
    }

    [Fact]
    public void Load_SettingsThatDoNotFitTheLayers_AreRefused()
    {
        using var stream = new MemoryStream();
        SequenceToSequence<float>.ForTexts(Reversals, options: Small).Save(stream);
        string file = Encoding.Latin1.GetString(stream.ToArray());
        foreach ((string setting, string other) in new[]
        {
            ("\\\"layers\\\":1", "\\\"layers\\\":9"), ("\\\"hiddenUnits\\\":32", "\\\"hiddenUnits\\\":31"),
            ("\\\"embeddingSize\\\":8", "\\\"embeddingSize\\\":7"), ("\\\"peeky\\\":true", "\\\"peeky\\\":null"),
            ("\\\"dropout\\\":0", "\\\"dropout\\\":2"), ("[\\\"a\\\",\\\"b\\\",\\\"c\\\"]", "[\\\"a\\\",\\\"b\\\",\\\"b\\\"]"),
        })
        {
            file.Should().Contain(setting);
            using var changed = new MemoryStream(Encoding.Latin1.GetBytes(file.Replace(setting, other, StringComparison.Ordinal)));
            ((Action)(() => SequenceToSequence<float>.Load(changed))).Should().Throw<ModelFormatException>("of {0}", other);
        }
    }

    private static SequenceToSequence<float> Reload(SequenceToSequence<float> model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        return SequenceToSequence<float>.Load(stream);
    }

    private static void Fit<T>(SequenceToSequence<T> model, TextPair[]? pairs = null, int epochs = 40)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        model.Fit(
            pairs ?? Reversals,
            training: new TrainerOptions { Epochs = epochs, ClipNorm = 5 },
            optimizer: new AdamOptimizer<T>(new AdamOptions { LearningRate = 0.01 }));

    private static PairBatches<float> Batches(SequenceToSequence<float> model, IEnumerable<TextPair> pairs) => new(
        [.. pairs.Select(pair => new TokenPair(model.Source.Encode(pair.Source), model.Target.Encode(pair.Target)))],
        batch: 8,
        model.Network.Boundary,
        model.Options.ReverseSource);

    private static float[] Values(SequenceToSequence<float> model) =>
        [.. model.Network.Parameters.SelectMany(parameter => parameter.Values.ToArray())];

    private sealed class Watch(Action<TrainingProgress> see) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => see(value);
    }
}

using Lstm.Data;
using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Models;

public class LanguageModelTests
{
    /// <summary>Relative; a hundred times double's epsilon, for a mean of some hundred logarithms.</summary>
    private const double Rounding = 2e-14;

    private const string Text = "the cat sat on the mat. the dog sat on the cat. the mat sat on the dog. ";

    private static readonly LanguageModelOptions Small = new() { HiddenUnits = 12, EmbeddingSize = 7, Seed = 3 };

    private static readonly LanguageModelTraining Short = new()
    {
        Steps = 9,
        BatchSize = 2,
        Trainer = new TrainerOptions { Epochs = 2, ClipNorm = 1 },
    };

    [Fact]
    public void LogProbabilities_Text_AreThoseOfSingleSteps()
    {
        // Long enough for several chunks.
        string text = string.Concat(Enumerable.Repeat(Text, 4));
        LanguageModel<double> model = Create<double>();
        int[] tokens = model.Vocabulary.Encode(text);
        double[] expected = new double[tokens.Length - 1];
        LayerState<double> state = model.Network.CreateState(1);
        double[] logits = new double[model.Vocabulary.Count];
        for (int n = 0; n < expected.Length; n++)
        {
            model.Network.Step([tokens[n]], state, logits);
            expected[n] = logits[tokens[n + 1]] - Math.Log(logits.Sum(Math.Exp));
        }

        double[] actual = [.. model.LogProbabilities(text)];

        Close.Within(actual, expected, Rounding * 10);
        model.Perplexity(text).Should().BeApproximately(Math.Exp(-expected.Average()), Rounding * 100);
    }

    [Fact]
    public void Fit_TextThatRepeats_LearnsItAndTellsHow()
    {
        string text = string.Concat(Enumerable.Repeat("abcd ", 60));
        var model = new LanguageModel<float>(Vocabulary.OfCharacters(text), new LanguageModelOptions { HiddenUnits = 16 });
        double before = model.Perplexity(text);
        var told = new List<TrainingProgress>();

        TrainingReport report = model.Fit(
            text,
            validation: text[..50],
            new LanguageModelTraining { Steps = 20, BatchSize = 5, Trainer = new TrainerOptions { Epochs = 12, ClipNorm = 1 } },
            new AdamOptimizer<float>(new AdamOptions { LearningRate = 0.02 }),
            new Told(told));

        before.Should().BeInRange(4, 7, "five characters are about equally likely at first");
        model.Perplexity(text).Should().BeLessThan(1.1);
        string.Concat(model.Generate("ab", SamplingOptions.Greedy).Take(8)).Should().Be("cd abcd ");
        report.History.Should().HaveCount(12);
        report.History[^1].Metric.Should().BeLessThan(1.1);
        told.Should().Contain(progress => progress.Event == TrainingEvent.Step && progress.ItemName == "tokens");
        told.Count(progress => progress.Event == TrainingEvent.Epoch).Should().Be(12);
    }

    [Fact]
    public void Fit_ShortTextByDefault_TakesStepsEnoughToLearnIt()
    {
        string text = string.Concat(Enumerable.Repeat("abcd ", 60));
        var model = new LanguageModel<float>(
            Vocabulary.OfCharacters(text), new LanguageModelOptions { HiddenUnits = 8, Layers = 1 });

        TrainingReport report = model.Fit(text);

        report.Steps.Should().Be(2000, "there are five steps to an epoch, of which ten would be far too few");
        model.Perplexity(text).Should().BeLessThan(1.1);
    }

    [Fact]
    public void Fit_Words_LearnsThem()
    {
        string text = Sentences.MarkEnds(string.Concat(Enumerable.Repeat("to be or not\n", 30)));
        var options = new LanguageModelOptions { HiddenUnits = 12, Layers = 1, Tied = true, Dropout = 0.1 };
        var model = new LanguageModel<float>(Vocabulary.OfWords(text, unknown: "<unk>"), options);

        model.Fit(
            text,
            training: Short with { Trainer = new TrainerOptions { Epochs = 25, ClipNorm = 1 } },
            optimizer: new AdamOptimizer<float>(new AdamOptions { LearningRate = 0.03 }));

        string.Concat(model.Generate("to be", SamplingOptions.Greedy, stop: " <eos>")).Should().Be(" or not <eos>");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_SameSeed_GivesTheSameBitsWhateverTheThreads(bool sumsSteps)
    {
        float[][] weights = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            LanguageModel<float> model = Create<float>(Small with { Dropout = 0.3 });
            model.Threads = threads;
            model.Fit(Text, training: Short with { SumsSteps = sumsSteps });
            return Bits.OfValues(model.Network);
        })];

        weights[1].Should().Equal(weights[0]);
        weights[2].Should().Equal(weights[0]);
        weights[0].Should().NotEqual(Bits.OfValues(Create<float>(Small with { Dropout = 0.3 }).Network));
    }

    [Fact]
    public void Fit_SumOfSteps_FollowsTheStepsTimesAsFar()
    {
        // One chunk of 71 steps and a plain step: η times the mean's gradient, and η / 71 times the sum's.
        double[] mean = Trained(sumsSteps: false, rate: 0.1);
        double[] sum = Trained(sumsSteps: true, rate: 0.1 / (Text.Length - 1));
        Close.Within(sum, mean, Rounding);

        static double[] Trained(bool sumsSteps, double rate)
        {
            LanguageModel<double> model = Create<double>();
            model.Fit(
                Text,
                training: new LanguageModelTraining
                {
                    Steps = 1000,
                    BatchSize = 1,
                    SumsSteps = sumsSteps,
                    Trainer = new TrainerOptions { Epochs = 1 },
                },
                optimizer: new SgdOptimizer<double>(new SgdOptions { LearningRate = rate }));
            return Bits.OfValues(model.Network);
        }
    }

    [Fact]
    public void Fit_Cancelled_LeavesAModelThatCanBeUsed()
    {
        LanguageModel<float> model = Create<float>();
        using var cancellation = new CancellationTokenSource();

        TrainingReport report = model.Fit(
            Text, training: Short, progress: new Told([], cancellation.Cancel), cancellation: cancellation.Token);

        report.StopReason.Should().Be(StopReason.Cancelled);
        report.Steps.Should().Be(1);
        model.Perplexity(Text).Should().BeGreaterThan(1);
    }

    [Theory]
    [InlineData(TokenKind.Character, false, 7)]
    [InlineData(TokenKind.Word, true, null)]
    [InlineData(TokenKind.Character, false, 0)]
    public void Load_WhatWasSaved_IsTheSameModel(TokenKind kind, bool tied, int? embedding)
    {
        var options = new LanguageModelOptions
        {
            HiddenUnits = 6,
            EmbeddingSize = embedding,
            Tied = tied,
            Dropout = 0.25,
            InitialRange = 0.2,
            ForgetBias = 1.5,
            Seed = -7,
        };
        Vocabulary vocabulary = kind == TokenKind.Word
            ? Vocabulary.OfWords(Text, unknown: "<unk>")
            : Vocabulary.OfCharacters(Text);
        var model = new LanguageModel<double>(vocabulary, options);
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;

        LanguageModel<double> loaded = LanguageModel<double>.Load(stream);

        loaded.Options.Should().Be(options);
        loaded.Vocabulary.Tokens.Should().Equal(vocabulary.Tokens);
        loaded.Vocabulary.Unknown.Should().Be(vocabulary.Unknown);
        loaded.Network.ToString().Should().Be(model.Network.ToString());
        loaded.LogProbabilities(Text).Should().Equal(model.LogProbabilities(Text));
    }

    [Fact]
    public void Load_AnotherFile_IsRefused()
    {
        string path = Path.GetTempFileName();
        try
        {
            LayerFile.Save(new DenseLayer<float>(2, 3), path);
            Action layer = () => LanguageModel<float>.Load(path);
            layer.Should().Throw<ModelFormatException>();

            Create<float>().Save(path);
            byte[] bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, bytes[..^5]);
            Action cut = () => LanguageModel<float>.Load(path);
            cut.Should().Throw<ModelFormatException>();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Generate_SeedAndOptions_GiveTheTokensOfAStream()
    {
        LanguageModel<float> model = Create<float>();
        var sampling = new SamplingOptions { Temperature = 0.9, TopP = 0.95 };
        IEnumerable<string> texts = model.Generate("the ", sampling, seed: 5);
        LanguageStream<float> stream = model.OpenStream(sampling, seed: 5);
        stream.Read("the ");

        string[] expected = [.. Enumerable.Range(0, 40).Select(_ => model.Vocabulary[stream.Next()])];

        texts.Take(40).Should().Equal(expected);
        texts.Take(40).Should().Equal(expected, "each enumeration gives the same");
        model.Generate("the ", sampling, seed: 6).Take(40).Should().NotEqual(expected);
        stream.Steps.Should().Be(44);
    }

    [Fact]
    public void Generate_Stop_EndsWithIt()
    {
        LanguageModel<float> model = Create<float>();
        string all = string.Concat(model.Generate("t", seed: 1).Take(400));
        string stop = all[30..33];

        string ended = string.Concat(model.Generate("t", stop: stop, seed: 1));

        ended.Should().Be(all[..(all.IndexOf(stop, StringComparison.Ordinal) + 3)]);
    }

    [Fact]
    public void OpenStream_ManyThreads_EachIsAsIfAlone()
    {
        LanguageModel<float> model = Create<float>();
        string[] alone = [.. Enumerable.Range(0, 8).Select(Written)];
        string[] together = new string[8];
        Parallel.For(0, 8, n => together[n] = Written(n));
        together.Should().Equal(alone);

        string Written(int seed)
        {
            LanguageStream<float> stream = model.OpenStream(seed: seed);
            stream.Read("the ");
            return string.Concat(Enumerable.Range(0, 30).Select(_ => model.Vocabulary[stream.Next()]));
        }
    }

    [Fact]
    public void LanguageStream_Read_KnowsWhatComesNext()
    {
        LanguageModel<double> model = Create<double>();
        LanguageStream<double> stream = model.OpenStream();
        Refusal.OutOfTurn(() => stream.Next(), "Read");
        Refusal.OutOfTurn(() => stream.LogProbability(0), "Read");

        stream.Read("the c");

        int next = model.Vocabulary.IndexOf("a");
        stream.LogProbability(next).Should().BeApproximately(model.LogProbabilities("the ca")[^1], Rounding);
        stream.Logits.Length.Should().Be(model.Vocabulary.Count);
        Refusal.Of<ArgumentOutOfRangeException>(() => stream.Read(99), "token", "99");
        stream.ToString().Should().StartWith("LanguageStream<Double> of 5 tokens, LanguageModel<Double>");
        double likely = stream.LogProbability(next);
        stream.Reset();
        Refusal.OutOfTurn(() => stream.Next(), "Read");
        stream.Read("the c");
        stream.LogProbability(next).Should().Be(likely);
        stream.Model.Should().BeSameAs(model);
    }

    [Fact]
    public void LanguageStream_SavedRestoredOrCloned_GoesOnInTheSameWay()
    {
        LanguageModel<float> model = Create<float>();
        var sampling = new SamplingOptions { Temperature = 0.9 };
        LanguageStream<float> stream = model.OpenStream(sampling, seed: 7);
        stream.Read("the ");
        stream.Next();
        using var file = new MemoryStream();
        file.WriteByte(7);
        stream.Save(file);
        file.Position = 1;
        LanguageStream<float> clone = stream.Clone();
        LanguageStream<float> restored = model.OpenStream(sampling, seed: 8);
        restored.Restore(stream.Save());
        LanguageStream<float> read = model.OpenStream(sampling);
        read.Restore(file);
        file.Position.Should().Be(file.Length);
        LanguageStream<float> before = stream.Clone();

        int[] expected = Written(stream);

        expected.Distinct().Should().HaveCountGreaterThan(3, "the tokens are drawn");
        foreach (LanguageStream<float> other in new[] { clone, restored, read })
        {
            other.Steps.Should().Be(5);
            Written(other).Should().Equal(expected);
            other.Save().Should().Equal(stream.Save());
        }

        before.Steps.Should().Be(5, "a clone goes its own way");
        before.Reset();
        before.Read("the ");
        before.Next();
        Written(before).Should().NotEqual(expected, "the random numbers went on when it was reset");

        static int[] Written(LanguageStream<float> stream) => [.. Enumerable.Range(0, 40).Select(_ => stream.Next())];
    }

    [Fact]
    public void LanguageStream_RestoreOfAnotherModelOrDamaged_IsRefusedAndChangesNothing()
    {
        LanguageModel<float> model = Create<float>();
        LanguageStream<float> stream = model.OpenStream();
        stream.Read("the ");
        byte[] saved = stream.Save();
        byte[] damaged = [.. saved];
        damaged[^20] ^= 1;
        foreach (byte[] wrong in new[]
        {
            Create<float>(Small with { HiddenUnits = Small.HiddenUnits + 1 }).OpenStream().Save(),
            Create<double>().OpenStream().Save(),
            model.Network.OpenStream().Save(),
            damaged,
            saved[..^1],
        })
        {
            Action restore = () => stream.Restore(wrong);
            restore.Should().Throw<InvalidDataException>();
            stream.Save().Should().Equal(saved);
        }
    }

    [Fact]
    public void Constructor_InitialRange_DrawsAllNumbersFromIt()
    {
        const double range = 0.05;
        LanguageModel<double> model = Create<double>(Small with { InitialRange = range });
        foreach (Parameter<double> parameter in model.Network.Parameters)
        {
            parameter.Values.ToArray().Should().OnlyContain(value => Math.Abs(value) <= range, "of {0}", parameter);
            parameter.Values.ToArray().Distinct().Should().HaveCountGreaterThan(parameter.Count / 2);
        }

        var layer = (LstmLayer<double>)Create<double>(Small with { InitialRange = range, ForgetBias = 2 }).Network.Layers[1];
        layer.Bias.Values[12..24].ToArray().Should().OnlyContain(value => value == 2);
    }

    [Fact]
    public void Constructor_Dropout_StandsBetweenAllLayers()
    {
        LanguageModel<float> model = Create<float>(Small with { Dropout = 0.5 });

        model.Network.Layers.Select(layer => layer.GetType().Name.Split('`')[0]).Should().Equal(
            "EmbeddingLayer", "DropoutLayer", "LstmLayer", "DropoutLayer", "LstmLayer", "DropoutLayer", "DenseLayer");
        model.ToString().Should().StartWith("LanguageModel<Single>, Vocabulary of ").And.Contain("2 × 12 hidden units");
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        LanguageModel<float> model = Create<float>();
        Refusal.Of<ArgumentNullException>(() => new LanguageModel<float>(null!), "vocabulary");
        Refusal.Of<ArgumentException>(() => Create<float>(Small with { Tied = true }), "options", "12", "7");
        Refusal.Of<ArgumentNullException>(() => model.Fit(null!), "text");
        Refusal.Of<ArgumentException>(() => model.Fit("t"), "text", "two tokens", "1");
        Refusal.Of<ArgumentException>(() => model.Fit(Text, validation: string.Empty), "validation", "two tokens", "0");
        Refusal.Of<ArgumentException>(() => model.Fit("the zebra"), "text", "'z'", "4");
        Refusal.Of<ArgumentException>(() => model.Perplexity("t"), "text", "two tokens");
        Refusal.Of<ArgumentException>(() => model.Generate(string.Empty), "prompt", "empty");
        Refusal.Of<ArgumentException>(() => model.Generate("t", stop: string.Empty), "stop", "empty");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { HiddenUnits = 0 }, "HiddenUnits", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { Layers = 0 }, "Layers", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { EmbeddingSize = -1 }, "EmbeddingSize", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { Dropout = 1 }, "Dropout", "1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { InitialRange = -1 }, "InitialRange", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { ForgetBias = double.NaN }, "ForgetBias", "NaN");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Short with { Steps = 0 }, "Steps", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Short with { BatchSize = 0 }, "BatchSize", "0");
    }

    private static LanguageModel<T> Create<T>(LanguageModelOptions? options = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        new(Vocabulary.OfCharacters(Text), options ?? Small);

    private sealed class Told(List<TrainingProgress> told, Action? then = null) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            told.Add(value);
            then?.Invoke();
        }
    }
}

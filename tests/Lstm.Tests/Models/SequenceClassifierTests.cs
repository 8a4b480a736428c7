using Lstm.Data;
using Lstm.Interchange;
using Lstm.Metrics;
using Lstm.Models;
using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Models;

public sealed class SequenceClassifierTests : IDisposable
{
    private static readonly SequenceClassifierOptions Small = new() { HiddenUnits = 8, BatchSize = 8, Dropout = 0 };
    private static readonly TrainerOptions Quick = new() { Epochs = 30, ClipNorm = 1 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private enum Order
    {
        LowFirst,
        HighFirst,
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true, SequenceSummary.Maximum)]
    [InlineData(true, SequenceSummary.Mean)]
    [InlineData(false, SequenceSummary.LastStep)]
    public void Fit_OrderOfTwoPulses_IsLearnt(bool bidirectional, SequenceSummary summary)
    {
        // The same numbers, in one order or the other: only a memory tells them apart.
        LabelledSequence<float, Order>[] learnt = Pulses(120, seed: 1);
        LabelledSequence<float, Order>[] held = Pulses(60, seed: 2);
        var model = SequenceClassifier<float, Order>.ForExamples(learnt, Small with { Bidirectional = bidirectional, Summary = summary });

        TrainingReport report = model.Fit(learnt, held, Quick);

        ConfusionMatrix<Order> confusion = model.Evaluate(held);
        confusion.Accuracy.Should().BeGreaterThan(0.95);
        confusion.Count.Should().Be(60);
        report.History.Should().HaveCount(30);
        model.Predict(held[0].Sequence).Should().Be(held[0].Label);
    }

    [Fact]
    public void Fit_Nothing_IsNotAboveChance()
    {
        // So that the test above can fail: what has not been trained does not know.
        LabelledSequence<float, Order>[] held = Pulses(200, seed: 2);

        SequenceClassifier<float, Order>.ForExamples(held, Small).Evaluate(held).Accuracy.Should().BeInRange(0.3, 0.7);
    }

    [Fact]
    public void PredictProbabilities_AnyBatch_AreThoseOfEachAlone()
    {
        // Padding beside longer sequences adds zeros and nothing else: a few roundings of float.
        const float tolerance = 1e-6f;
        LabelledSequence<float, Order>[] data = Pulses(20, seed: 3);
        var model = SequenceClassifier<float, Order>.ForExamples(data, Small);
        Sequence<float>[] sequences = [.. data.Select(example => example.Sequence)];

        float[][] together = model.PredictProbabilities(sequences);

        for (int n = 0; n < sequences.Length; n++)
        {
            float[] alone = model.PredictProbabilities(sequences[n]);
            together[n][0].Should().BeApproximately(alone[0], tolerance);
            together[n].Sum().Should().BeApproximately(1, tolerance);
        }

        together.Select(row => row[0]).Distinct().Should().HaveCountGreaterThan(10);
        model.PredictProbabilities([]).Should().BeEmpty();
    }

    [Fact]
    public void Save_ThenLoad_GivesTheSameAnswers()
    {
        LabelledSequence<float, Order>[] data = Pulses(20, seed: 3);
        var model = SequenceClassifier<float, Order>.ForExamples(data, Small with { Layers = 2, Summary = SequenceSummary.Mean });
        string path = Path.Combine(_folder.FullName, "model.safetensors");

        model.Save(path);
        var loaded = SequenceClassifier<float, Order>.Load(path, Enum.Parse<Order>);
        using MemoryStream stream = new();
        model.Save(stream);

        Sequence<float>[] sequences = [.. data.Select(example => example.Sequence)];
        loaded.PredictProbabilities(sequences).Should().BeEquivalentTo(model.PredictProbabilities(sequences), options => options.WithStrictOrdering());
        loaded.Labels.Should().Equal(Order.LowFirst, Order.HighFirst);
        loaded.Options.Should().Be(model.Options);
        stream.ToArray().Should().Equal(File.ReadAllBytes(path));
        stream.Position = 0;
        SequenceClassifier<float, Order>.Load(stream, Enum.Parse<Order>).Predict(sequences).Should().Equal(model.Predict(sequences));
    }

    [Fact]
    public void Load_OtherModel_IsRefused()
    {
        string path = Path.Combine(_folder.FullName, "layer.safetensors");
        LayerFile.Save(new Lstm.Layers.DenseLayer<float>(2, 3), path);
        Action act = () => SequenceClassifier<float, string>.Load(path, text => text);

        act.Should().Throw<ModelFormatException>();
    }

    [Fact]
    public void OpenStream_StepByStep_AnswersAsTheWholeSequence()
    {
        const float tolerance = 1e-5f; // One step at a time sums in another order.
        LabelledSequence<float, Order>[] data = Pulses(5, seed: 4);
        var model = SequenceClassifier<float, Order>.ForExamples(data, Small with { Bidirectional = false });
        ClassifierStream<float, Order> stream = model.OpenStream();
        for (int n = 0; n < data.Length; n++)
        {
            stream.Reset();
            Sequence<float> sequence = data[n].Sequence;
            Order last = default;
            for (int t = 0; t < sequence.Steps; t++)
            {
                last = stream.Step(sequence.At(t, 0));
            }

            float[] whole = model.PredictProbabilities(sequence);
            stream.Probabilities[0].Should().BeApproximately(whole[0], tolerance);
            last.Should().Be(model.Predict(sequence));
        }
    }

    [Fact]
    public void Predict_LabelsAreEquallyLikely_IsTheFirst()
    {
        LabelledSequence<float, Order>[] data = Pulses(5, seed: 4);
        var model = SequenceClassifier<float, Order>.ForExamples(data, Small with { Bidirectional = false });
        foreach (Parameter<float> parameter in model.Network.Parameters)
        {
            parameter.Values.Clear();
        }

        model.Predict(data[0].Sequence).Should().Be(model.Labels[0]);
        model.OpenStream().Step(data[0].Sequence.At(0, 0)).Should().Be(model.Labels[0]);
    }

    [Fact]
    public void ClassifierStream_SavedAndCloned_GoesOnInTheSameWay()
    {
        LabelledSequence<float, Order>[] data = Pulses(5, seed: 4);
        var model = SequenceClassifier<float, Order>.ForExamples(data, Small with { Bidirectional = false });
        Sequence<float> sequence = data[0].Sequence;
        ClassifierStream<float, Order> stream = model.OpenStream();
        stream.Step(sequence.At(0, 0));
        using var saved = new MemoryStream();
        stream.Save(saved);
        ClassifierStream<float, Order> clone = stream.Clone();
        float[] first = stream.Probabilities.ToArray();
        clone.Probabilities.ToArray().Should().Equal(first);
        stream.Step(sequence.At(1, 0));
        float[] second = stream.Probabilities.ToArray();
        second.Should().NotEqual(first);
        clone.Probabilities.ToArray().Should().Equal(first);

        foreach (Action restore in new Action[] { () => stream.Restore(saved.ToArray()), () => stream.Restore(new MemoryStream(saved.ToArray())) })
        {
            restore();
            stream.Steps.Should().Be(1);
            stream.Probabilities.ToArray().Should().OnlyContain(probability => probability == 0);
            stream.Step(sequence.At(1, 0));
            stream.Probabilities.ToArray().Should().Equal(second);
        }

        clone.Step(sequence.At(1, 0));
        clone.Probabilities.ToArray().Should().Equal(second);
        stream.Save().Should().Equal(clone.Save());
        stream.ToString().Should().StartWith("ClassifierStream<Single> after 2 steps of SequenceClassifier<Single> of 2 labels");
    }

    [Fact]
    public void OpenStream_BothDirections_IsRefused()
    {
        Action act = () => SequenceClassifier<float, Order>.ForExamples(Pulses(4, seed: 1), Small).OpenStream();

        act.Should().Throw<InvalidOperationException>().WithMessage("*Bidirectional = false*");
    }

    [Fact]
    public void ForExamples_BadExamples_AreRefused()
    {
        LabelledSequence<float, string> one = new(new Sequence<float>(2, 1, 3), "a");
        Action empty = () => SequenceClassifier<float, string>.ForExamples([]);
        Action single = () => SequenceClassifier<float, string>.ForExamples([one, one]);
        Action features = () => SequenceClassifier<float, string>.ForExamples([one, new(new Sequence<float>(2, 1, 4), "b")]);

        empty.Should().Throw<ArgumentException>().WithMessage("*empty*");
        single.Should().Throw<ArgumentException>().WithMessage("*two labels*of 1*");
        features.Should().Throw<ArgumentException>().WithMessage("*3 features*4 features*");
    }

    [Fact]
    public void Predict_NullOrOtherFeatures_IsRefused()
    {
        var model = SequenceClassifier<float, Order>.ForExamples(Pulses(4, seed: 1), Small);

        Refusal.Of<ArgumentNullException>(() => model.Predict((Sequence<float>)null!), "sequence");
        Refusal.Of<ArgumentNullException>(() => model.Predict([null!]), "sequences");
        Refusal.Of<ArgumentException>(() => model.PredictProbabilities(new Sequence<float>(2, 1, 3)), "sequence", "2 features", "3 features");
    }

    [Fact]
    public void ForExamples_SeveralSequencesInOne_IsRefused()
    {
        LabelledSequence<float, string>[] data = [new(new Sequence<float>(2, 2, 3), "a"), new(new Sequence<float>(2, 1, 3), "b")];

        Refusal.Of<ArgumentException>(
            () => SequenceClassifier<float, string>.ForExamples(data), "examples", "one sequence each", "2 sequences");
    }

    [Fact]
    public void Fit_UnknownLabelOrFeatures_IsRefused()
    {
        LabelledSequence<float, string>[] data = [new(new Sequence<float>(2, 1, 3), "a"), new(new Sequence<float>(2, 1, 3), "b")];
        var model = SequenceClassifier<float, string>.ForExamples(data, Small);
        Action label = () => model.Fit([new(new Sequence<float>(2, 1, 3), "c")]);
        Action features = () => model.Predict(new Sequence<float>(2, 1, 2));

        label.Should().Throw<ArgumentException>().WithMessage("*a, b*c*");
        features.Should().Throw<ArgumentException>().WithMessage("*3 features*2 features*");
    }

    /// <summary>Two pulses in noise, a low and a high one, at random steps of sequences of random length.</summary>
    private static LabelledSequence<float, Order>[] Pulses(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(n =>
            {
                var sequence = new Sequence<float>(random.Next(8, 16), 1, 2);
                foreach (ref float value in sequence.Values)
                {
                    value = 100 + (random.NextSingle() / 5);
                }

                Order order = n % 2 == 0 ? Order.LowFirst : Order.HighFirst;
                int first = random.Next(sequence.Steps - 2);
                int second = random.Next(first + 1, sequence.Steps);
                sequence[order == Order.LowFirst ? first : second, 0, 0] -= 3;
                sequence[order == Order.LowFirst ? second : first, 0, 0] += 3;
                return new LabelledSequence<float, Order>(sequence, order);
            }),
        ];
    }
}

using Lstm.Data;
using Lstm.Models;

namespace Lstm.Onnx.Tests.Goldens;

/// <summary>A classifier of sequences, from raw features to probabilities, without states.</summary>
public sealed record ClassifierCase(string Name, SequenceClassifierOptions Options, bool Lengths = false) : ExportCase(Name)
{
    private const int Features = 2;

    /// <summary>The model, with its weights filled.</summary>
    public SequenceClassifier<float, string> CreateModel()
    {
        // The scaling is learnt from these: offsets and factors that are far from 0 and 1.
        LabelledSequence<float, string>[] examples =
        [
            .. new[] { "one", "two", "three" }.Select((label, n) => new LabelledSequence<float, string>(
                new Sequence<float>(2, 1, Features, [n, 0.5f - n, 0.25f * n, 2]), label)),
        ];
        SequenceClassifier<float, string> model = SequenceClassifier<float, string>.ForExamples(examples, Options);
        Fill(model.Network.Parameters);
        return model;
    }

    protected override void Save(Stream stream) =>
        OnnxExport.Save(CreateModel(), stream, new OnnxExportOptions { States = false, Lengths = Lengths });

    protected override OnnxRun Run(int steps, int batch)
    {
        SequenceClassifier<float, string> model = CreateModel();
        Sequence<float> input = Numbers(steps, batch, Features);
        Dictionary<string, OnnxRun.Tensor> inputs = [];
        if (Lengths)
        {
            // The classifier itself refuses a sequence without a step.
            Pad(input, 1000, inputs, leastSteps: 1);
        }

        inputs.Add("input", new([steps, batch, Features], false, input.Values.ToArray()));
        Sequence<float>[] each =
        [
            .. Enumerable.Range(0, batch).Select(b => new Sequence<float>(
                input.Mask?.LengthOf(b) ?? steps,
                1,
                Features,
                [.. Enumerable.Range(0, input.Mask?.LengthOf(b) ?? steps).SelectMany(t => input.At(t, b).ToArray())])),
        ];
        float[] probabilities = [.. model.PredictProbabilities(each).SelectMany(row => row)];
        return new OnnxRun(
            inputs,
            new Dictionary<string, OnnxRun.Tensor> { ["output"] = new([1, batch, model.Labels.Count], false, probabilities) });
    }
}

// What could go wrong in a program compiled ahead of time though it went well in the tests: generic code that no call made
// the compiler think of, members that were trimmed away. .ci/aot compiles and runs it. It returns 0 if all went well.
using System.Numerics;
using Lstm.Data;
using Lstm.Interchange;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Onnx;
using Lstm.Optimizers;
using Lstm.Training;

return Check<float>() && Check<double>() ? 0 : 1;

static bool Check<T>()
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    TextPair[] pairs = [new("ab", "ba"), new("ba", "ab"), new("a", "a"), new("b", "b")];
    SequenceToSequence<T> model = SequenceToSequence<T>.ForTexts(
        pairs, options: new SequenceToSequenceOptions { HiddenUnits = 16, Layers = 2, Dropout = 0.01 });
    TrainingReport report = model.Fit(
        pairs,
        training: new TrainerOptions { Epochs = 150, ClipNorm = 5, Schedule = new CosineSchedule() },
        optimizer: new AdamOptimizer<T>(new AdamOptions { LearningRate = 0.02 }));

    using var file = new MemoryStream();
    model.Save(file);
    file.Position = 0;
    string[] written = SequenceToSequence<T>.Load(file).Generate(["ab", "ba", "a", "b"], new DecodingOptions { BeamWidth = 2 });

    var network = new Network<T>(
        new BidirectionalLayer<T>(new LstmLayer<T>(2, 3), new LstmLayer<T>(2, 3)), new DenseLayer<T>(6, 2));
    using var layers = new MemoryStream();
    LayerFile.Save(network, layers);
    layers.Position = 0;
    Layer<T> loaded = LayerFile.Load<T>(layers);
    using var onnx = new MemoryStream();
    OnnxExport.Save(loaded, onnx);
    onnx.Position = 0;
    Network<T> read = OnnxModel<T>.Load(onnx).ToNetwork();

    bool right = written.SequenceEqual(pairs.Select(pair => pair.Target))
        && loaded.ParameterCount == network.ParameterCount && read.ParameterCount == network.ParameterCount;
    Console.WriteLine($"{typeof(T).Name}: {report.Steps} steps of training, {string.Join(' ', written)}, {onnx.Length} bytes of ONNX");
    return right;
}

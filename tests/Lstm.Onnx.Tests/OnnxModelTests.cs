using System.Numerics;
using Lstm.Onnx.Tests.Goldens;

namespace Lstm.Onnx.Tests;

/// <summary>Models of other programs, and those written here, give what the other programs give.</summary>
public class OnnxModelTests
{
    /// <summary>What two programs may differ by in single precision after some steps of values of about 1.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Sums and powers of numbers above 1 are compared with their size in mind.</summary>
    private const double RelativeTolerance = 1e-5;

    public static TheoryData<string> Files { get; } =
    [
        .. from folder in new[] { "Exported", "Torch" }
           from file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Goldens", folder), "*.onnx")
           select $"{folder}/{Path.GetFileNameWithoutExtension(file)}",
    ];

    public static TheoryData<string> Operators { get; } = [.. OnnxNode.All.Select(node => node.Operator).Distinct()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Run_ModelOfAFile_GivesWhatTheOtherProgramGave(string file)
    {
        OnnxModel<float> model = OnnxModel<float>.Load(OnnxRun.ModelFile(file));
        IReadOnlyList<OnnxRun> runs = OnnxRun.Of(file);
        runs.Should().HaveCount(4, "batches of 1 and 7, and two lengths");
        foreach (OnnxRun run in runs)
        {
            IReadOnlyDictionary<string, OnnxTensor<float>> outputs = model.Run(
                run.Inputs.ToDictionary(pair => pair.Key, pair => Create(pair.Value)));
            outputs.Keys.Should().BeEquivalentTo(run.Outputs.Keys);
            foreach ((string key, OnnxRun.Tensor expected) in run.Outputs)
            {
                outputs[key].Shape.Should().Equal(expected.Shape);
                outputs[key].Values.ToArray().Should().Equal(
                    expected.Values, (x, y) => Math.Abs(x - y) <= Tolerance, "that is {0} of the other program", key);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Run_NodeOfOnnxItself_GivesWhatItSays(string name)
    {
        foreach (OnnxNode node in OnnxNode.All.Where(node => node.Operator == name))
        {
            Check<float>(node);
            Check<double>(node);
        }
    }

    private static void Check<T>(OnnxNode node)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = new MemoryStream(node.Model);
        OnnxModel<T> model = OnnxModel<T>.Load(stream);
        IReadOnlyDictionary<string, OnnxTensor<T>> outputs = model.Run(
            node.Inputs.ToDictionary(tensor => tensor.Name, tensor => tensor.Create<T>()));
        foreach (OnnxNode.Tensor expected in node.Outputs)
        {
            OnnxTensor<T> actual = outputs[expected.Name];
            actual.Shape.Should().Equal(expected.Shape, "that is the shape of {0}", node.Name);
            actual.IsInteger.Should().Be(expected.IsInteger, "that is the kind of {0}", node.Name);
            IEnumerable<double> values = actual.IsInteger
                ? actual.Integers.ToArray().Select(value => (double)value)
                : actual.Values.ToArray().Select(double.CreateChecked);
            values.Should().Equal(
                expected.Values,
                (x, y) => Math.Abs(x - y) <= Tolerance + (RelativeTolerance * Math.Abs(y)),
                "that is the result of {0}",
                node.Name);
        }
    }

    private static OnnxTensor<float> Create(OnnxRun.Tensor tensor) => tensor.IsInteger
        ? OnnxTensor<float>.FromIntegers(tensor.Shape, [.. tensor.Values.Select(value => (long)value)])
        : new OnnxTensor<float>(tensor.Shape, tensor.Values);
}

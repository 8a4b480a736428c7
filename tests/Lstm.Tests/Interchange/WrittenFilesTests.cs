using System.Text.Json;
using Lstm.Fuzz;
using Lstm.Tests.Goldens.Interchange;
using Lstm.Tests.Support;

namespace Lstm.Tests.Interchange;

/// <summary>Files of this library that PyTorch has loaded, see torch_written.py.</summary>
public sealed class WrittenFilesTests
{
    /// <summary>Ten of float's epsilons at 1: PyTorch computed in float too, in another order; the outputs are at most a few.</summary>
    private const double SingleTolerance = 1e-6;

    public static TheoryData<string> Names => new(WrittenCase.All().Select(item => item.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void StateDict_Written_HasTheBytesThatPyTorchLoaded(string name)
    {
        WrittenCase item = WrittenCase.All().Single(item => item.Name == name);

        item.Bytes().Should().Equal(File.ReadAllBytes(TorchFiles.PathOf(Path.Combine("Written", $"{name}.safetensors"))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Infer_AsWritten_ComputesWhatPyTorchDidFromTheFile(string name)
    {
        WrittenCase item = WrittenCase.All().Single(item => item.Name == name);
        double[] expected = JsonSerializer.Deserialize<Dictionary<string, double[]>>(
            File.ReadAllText(TorchFiles.PathOf("torch_written.json")))![name];

        Close.Within([.. item.Layer.Infer(item.Input).Values.ToArray().Select(x => (double)x)], expected, SingleTolerance);
    }
}

using Lstm.Interchange;
using Lstm.Tests.Support;

namespace Lstm.Tests.Interchange;

public sealed class SnapshotFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Load_AfterSave_GivesTheSameNamesAndBits()
    {
        var snapshot = new Snapshot<float>();
        snapshot.SetValues("weights", [0.1f, -0f, float.NaN]);
        snapshot.Part("optimizer.").SetValues("none", []);
        snapshot.Part("optimizer.").SetNumbers("rate", 0.1);
        snapshot.SetText("note", "½ done");

        SnapshotFile.Save(snapshot, _path);
        Snapshot<float> read = SnapshotFile.Load<float>(_path);

        read.AllValues.Keys.Should().Equal("optimizer.none", "weights");
        read.GetValues("weights").ToArray().Select(BitConverter.SingleToInt32Bits)
            .Should().Equal(new[] { 0.1f, -0f, float.NaN }.Select(BitConverter.SingleToInt32Bits));
        read.Part("optimizer.").GetValues("none").Length.Should().Be(0);
        read.GetNumber("optimizer.rate").Should().Be(0.1);
        read.GetText("note").Should().Be("½ done");
    }

    [Fact]
    public void Load_OtherElementTypeOrFile_IsRefused()
    {
        var snapshot = new Snapshot<float>();
        snapshot.SetValues("weights", [1]);
        SnapshotFile.Save(snapshot, _path);
        Action other = () => SnapshotFile.Load<double>(_path);
        Action missing = () => SnapshotFile.Load<float>(_path + ".none");

        other.Should().ThrowExactly<ModelFormatException>().WithMessage("*weights*F64*");
        missing.Should().Throw<IOException>();
        Refusal.Of<ArgumentNullException>(() => SnapshotFile.Save<float>(null!, _path), "snapshot");
        Refusal.Of<ArgumentNullException>(() => SnapshotFile.Save(snapshot, null!), "path");
        Refusal.Of<ArgumentNullException>(() => SnapshotFile.Load<float>(null!), "path");
    }
}

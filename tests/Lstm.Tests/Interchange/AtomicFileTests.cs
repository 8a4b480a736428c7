using Lstm.Interchange;

namespace Lstm.Tests.Interchange;

public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lstm");

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [Fact]
    public void Write_Twice_ReplacesTheFileAndLeavesNothingBeside()
    {
        string path = PathOf("model");
        AtomicFile.Write(path, stream => stream.Write("a longer text"u8));
        AtomicFile.Write(path, stream => stream.Write("short"u8));

        File.ReadAllText(path).Should().Be("short");
        _folder.GetFiles().Should().ContainSingle();
    }

    [Fact]
    public void Write_WhileWriting_TheOldFileIsWhole()
    {
        string path = PathOf("model");
        File.WriteAllText(path, "old");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            File.ReadAllText(path).Should().Be("old");
        });

        File.ReadAllText(path).Should().Be("new");
    }

    [Fact]
    public void Write_ThatFails_LeavesTheOldFileAndNothingBeside()
    {
        string path = PathOf("model");
        File.WriteAllText(path, "old");

        var write = () => AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the new"u8);
            throw new InvalidOperationException("no more");
        });

        write.Should().ThrowExactly<InvalidOperationException>().WithMessage("no more");
        File.ReadAllText(path).Should().Be("old");
        _folder.GetFiles().Should().ContainSingle();
    }

    [Fact]
    public void Write_OverWhatAKilledProgramLeft_ReplacesIt()
    {
        string path = PathOf("model");
        File.WriteAllText(path + AtomicFile.TemporarySuffix, "much more than what is written now");

        AtomicFile.Write(path, stream => stream.Write("new"u8));

        File.ReadAllText(path).Should().Be("new");
        _folder.GetFiles().Should().ContainSingle();
    }

    [Fact]
    public void Write_WhileAnotherCallWrites_LeavesThatOneAlone()
    {
        string path = PathOf("model");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("first"u8);
            FluentActions.Invoking(() => AtomicFile.Write(path, _ => { })).Should().Throw<IOException>();
        });

        File.ReadAllText(path).Should().Be("first");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

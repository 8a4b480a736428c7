using System.Numerics;
using Lstm.Interchange.Zip;

namespace Lstm.Interchange;

/// <summary>
/// An open file of named tensors: safetensors, PyTorch's <c>.pt</c> or NumPy's <c>.npz</c>. Its structure is checked when it
/// is opened; the numbers are read when they are asked for, so that they are in memory once.
/// </summary>
/// <remarks>
/// Reading never takes more memory than twice the file and 16 MB, besides the arrays that the caller asks for. For one thread
/// at a time.
/// </remarks>
public abstract class TensorFile : IDisposable
{
    /// <summary>The most tensors that a file may have, so that their names cannot take more memory than the file.</summary>
    internal const int MostTensors = 32_768;

    /// <summary>The most dimensions of a tensor, NumPy's limit.</summary>
    internal const int MostDimensions = 32;

    /// <summary>The most characters in the names of all tensors together, or of all keys of the metadata.</summary>
    internal const int MostNameCharacters = 2_000_000;

    private readonly Dictionary<string, TensorInfo> _byName = new(StringComparer.Ordinal);
    private readonly List<TensorInfo> _tensors = [];
    private readonly bool _leaveOpen;
    private long _nameCharacters;

    /// <summary>Makes the common part.</summary>
    private protected TensorFile(Stream stream, bool leaveOpen) => (Stream, _leaveOpen) = (stream, leaveOpen);

    /// <summary>The tensors, in the order in which they are in the file.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <summary>The bytes of the file.</summary>
    internal long Length => Stream.Length;

    /// <summary>The whole file.</summary>
    private protected Stream Stream { get; }

    /// <summary>Opens a file of any format that this library reads; what is in it says which.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file, to be disposed of.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ModelFormatException">The file is damaged or of a kind that is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TensorFile Open(string path) => Open(path, stream => Open(stream));

    /// <summary>Opens a stream of any format that this library reads; what is in it says which.</summary>
    /// <param name="stream">A stream that can seek, from its beginning; all of it is the file.</param>
    /// <param name="leaveOpen">Whether the stream is left open when this is disposed of.</param>
    /// <returns>The open file, to be disposed of.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="ModelFormatException">The file is damaged or of a kind that is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TensorFile Open(Stream stream, bool leaveOpen = false)
    {
        CheckStream(stream);
        if (!ZipContents.IsZip(stream))
        {
            return SafetensorsFile.Open(stream, leaveOpen);
        }

        var zip = ZipContents.Read(stream);
        ZipItem? pickle = zip.Items.FirstOrDefault(item => item.Name.Split('/') is [.., PyTorchFile.PickleName]);
        return pickle is null ? new NpzFile(stream, leaveOpen, zip) : new PyTorchFile(stream, leaveOpen, zip, pickle);
    }

    /// <summary>Looks a tensor up.</summary>
    /// <param name="name">Its name, to the letter.</param>
    /// <returns>The tensor, or null if there is none of that name.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public TensorInfo? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.GetValueOrDefault(name);
    }

    /// <summary>Text that the file has beside its tensors.</summary>
    /// <param name="key">What it is called.</param>
    /// <returns>The text, or null if there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ModelFormatException">The text is not well-formed.</exception>
    public virtual string? Metadata(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return null;
    }

    /// <summary>Reads a tensor's numbers.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which they are converted.</typeparam>
    /// <param name="name">The tensor's name.</param>
    /// <returns>The numbers, the last dimension running fastest (row by row, for a matrix).</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ModelFormatException">
    /// There is no such tensor, its type is not read, or it is too large for an array.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public T[] Read<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorInfo tensor = Readable<T>(name);
        if (tensor.Count > Array.MaxLength)
        {
            throw new ModelFormatException($"The tensor {tensor} is too large for an array.");
        }

        T[] values = GC.AllocateUninitializedArray<T>((int)tensor.Count);
        ReadChecked<T>(tensor, values);
        return values;
    }

    /// <summary>Reads a tensor's numbers into memory that is there already.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which they are converted.</typeparam>
    /// <param name="name">The tensor's name.</param>
    /// <param name="values">The numbers, overwritten; as many as the tensor has.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="values"/> has another length.</exception>
    /// <exception cref="ModelFormatException">There is no such tensor, or its type is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read<T>(string name, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorInfo tensor = Readable<T>(name);
        Guard.Length(values.Length, tensor.Count, "all numbers of the tensor", nameof(values));
        ReadChecked(tensor, values);
    }

    /// <summary>Refuses a tensor that is not there in a given shape.</summary>
    internal void Require(string name, params ReadOnlySpan<long> shape)
    {
        TensorInfo tensor = Find(name) ?? throw new ModelFormatException($"There is no tensor '{name}'.");
        if (!shape.SequenceEqual(tensor.Shape.ToArray()))
        {
            throw new ModelFormatException(
                $"The tensor '{name}' must be of {TensorInfo.Describe(shape.ToArray())}, but is of {TensorInfo.Describe(tensor.Shape)}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the numbers of a tensor whose type and length have been checked.</summary>
    private protected abstract void ReadCore<T>(TensorInfo tensor, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Closes the file.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen)
        {
            Stream.Dispose();
        }
    }

    /// <summary>Opens a path as a stream, which is closed again if what is in it is refused.</summary>
    private protected static TFile Open<TFile>(string path, Func<Stream, TFile> open)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            TFile file = open(stream);
            stream = null;
            return file;
        }
        finally
        {
            stream?.Dispose();
        }
    }

    private protected static void CheckStream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Guard.Shape(stream.CanRead && stream.CanSeek, "a stream that can be read and can seek", "one that cannot", nameof(stream));
    }

    /// <summary>Adds a tensor; the limits keep what is held in memory below what the file is.</summary>
    private protected TensorInfo Add(string name, string typeName, long[] shape)
    {
        CountName(name);
        if (_tensors.Count == MostTensors)
        {
            throw new ModelFormatException($"There are more than {MostTensors} tensors.");
        }

        TensorInfo tensor;
        try
        {
            tensor = new TensorInfo(name, _tensors.Count, typeName, shape);
        }
        catch (OverflowException e)
        {
            throw new ModelFormatException(
                $"The tensor '{name}' of {TensorInfo.Describe(shape)} has more numbers than can be counted.", e);
        }

        if (!_byName.TryAdd(name, tensor))
        {
            throw new ModelFormatException($"The tensor '{name}' is there twice.");
        }

        _tensors.Add(tensor);
        return tensor;
    }

    private protected void CountName(string name)
    {
        _nameCharacters += name.Length;
        if (_nameCharacters > MostNameCharacters)
        {
            throw new ModelFormatException($"The names are longer than {MostNameCharacters} characters together.");
        }
    }

    private protected TensorInfo Readable<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Guard.ElementType<T>();
        TensorInfo tensor = Find(name) ?? throw new ModelFormatException($"There is no tensor '{name}'.");
        return tensor.ElementType != ElementType.Other
            ? tensor
            : throw new ModelFormatException(
                $"The tensor {tensor} cannot be read: its type is {tensor.TypeName}, not F64, F32, F16 or BF16.");
    }

    private void ReadChecked<T>(TensorInfo tensor, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            ReadCore(tensor, values);
        }
        catch (EndOfStreamException e)
        {
            throw new ModelFormatException($"The file ends within the tensor {tensor}.", e);
        }
    }
}

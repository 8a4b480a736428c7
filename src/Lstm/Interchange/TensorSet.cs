using System.IO.Compression;
using System.Numerics;

namespace Lstm.Interchange;

/// <summary>Named tensors, with text beside them, to be written to a file.</summary>
public sealed class TensorSet
{
    private readonly SortedDictionary<string, Item> _items = new(Utf8Comparer.Instance);

    /// <summary>
    /// Text that is written beside the tensors, by what it is called; the <c>__metadata__</c> of safetensors. Other formats
    /// have no place for it.
    /// </summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(Utf8Comparer.Instance);

    /// <summary>The number of tensors.</summary>
    public int Count => _items.Count;

    /// <summary>Adds a tensor.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, as which it is written.</typeparam>
    /// <param name="name">What it is called in the file, once only; not <c>__metadata__</c>.</param>
    /// <param name="shape">The length of each dimension; none for a single number.</param>
    /// <param name="values">
    /// The numbers, the last dimension running fastest (row by row, for a matrix). They are not copied.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is a tensor of that name, the name is not well-formed or kept for metadata, or the shape does not fit the numbers.
    /// </exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public void Add<T>(string name, ReadOnlySpan<int> shape, T[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Guard.ElementType<T>();
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        Guard.Shape(name != SafetensorsFile.MetadataKey, "another name", $"{name}, which is kept for metadata", nameof(name));
        Guard.Shape(Utf8Comparer.IsWellFormed(name), "well-formed text", $"not, {name}", nameof(name));
        Int128 count = 1;
        foreach (int length in shape)
        {
            Guard.Shape(length >= 0, "of lengths from 0", $"with {length}", nameof(shape));
            count = Int128.Min(count * length, long.MaxValue);
        }

        Guard.Length(values.Length, (long)count, "the product of the shape", nameof(values));
        Guard.Shape(
            shape.Length <= TensorFile.MostDimensions, $"of at most {TensorFile.MostDimensions} dimensions", $"of {shape.Length}", nameof(shape));
        Guard.Shape(!_items.ContainsKey(name), "a name not yet taken", $"{name} again", nameof(name));
        _items.Add(name, new Item<T>(name, shape.ToArray(), values));
    }

    /// <summary>Writes safetensors, byte for byte what the format's reference writes.</summary>
    /// <param name="path">The file. The old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ArgumentException">The metadata are not well-formed text, or the header is more than 100,000,000 bytes.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSafetensors(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] header = SafetensorsHeader.Build(_items.Values, Metadata);
        AtomicFile.Write(path, stream => Write(stream, header));
    }

    /// <summary>Writes safetensors, byte for byte what the format's reference writes.</summary>
    /// <param name="stream">The stream, which is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The metadata are not well-formed text, or the header is more than 100,000,000 bytes.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void SaveSafetensors(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, SafetensorsHeader.Build(_items.Values, Metadata));
    }

    /// <summary>Writes a zip of NumPy's arrays, <c>.npz</c>, without compression, as <c>numpy.savez</c> does.</summary>
    /// <param name="path">The file. The old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveNpz(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, SaveNpz);
    }

    /// <summary>Writes a zip of NumPy's arrays, <c>.npz</c>, without compression, as <c>numpy.savez</c> does.</summary>
    /// <param name="stream">The stream, which is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void SaveNpz(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (Item item in _items.Values)
        {
            ZipArchiveEntry entry = zip.CreateEntry(item.Name + NpzFile.Extension, CompressionLevel.NoCompression);

            // The same tensors give the same bytes: the earliest time that a zip can tell stands for none.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream file = entry.Open();
            file.Write(NpyHeader.Build(item.ElementType, item.Shape));
            item.Write(file);
        }
    }

    private void Write(Stream stream, byte[] header)
    {
        stream.Write(header);
        foreach (Item item in SafetensorsHeader.Order(_items.Values))
        {
            item.Write(stream);
        }
    }

    /// <summary>A tensor to be written.</summary>
    internal abstract class Item(string name, int[] shape)
    {
        public string Name => name;

        public IReadOnlyList<int> Shape => shape;

        public abstract ElementType ElementType { get; }

        public abstract long Bytes { get; }

        public abstract void Write(Stream stream);
    }

    private sealed class Item<T>(string name, int[] shape, T[] values) : Item(name, shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override ElementType ElementType => typeof(T) == typeof(float) ? ElementType.F32 : ElementType.F64;

        public override long Bytes => (long)values.Length * TensorBytes.SizeOf(ElementType);

        public override void Write(Stream stream) => TensorBytes.Write<T>(stream, values);
    }
}

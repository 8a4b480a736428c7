using System.Buffers;
using System.Numerics;
using Lstm.Interchange.Zip;

namespace Lstm.Interchange;

/// <summary>
/// A <c>.npz</c> file of NumPy that is open to be read: a zip of arrays (numpy.lib.format, versions 1 to 3), of which those
/// of 16, 32 and 64 bits (<c>f2</c>, <c>f4</c>, <c>f8</c>) are read, of either byte order, in C's and in Fortran's order,
/// stored or compressed. Arrays of Python objects are refused, as all of other types are when they are read.
/// </summary>
/// <remarks>
/// What is in the zip may not be larger than twice the file and 8 MB. Each array is compared with its checksum when it is read.
/// </remarks>
public sealed class NpzFile : TensorFile
{
    internal const string Extension = ".npy";

    private readonly ZipContents _zip;
    private readonly List<(ZipItem Item, NpyHeader Header)> _arrays = [];

    internal NpzFile(Stream stream, bool leaveOpen, ZipContents zip)
        : base(stream, leaveOpen)
    {
        _zip = zip;
        foreach (ZipItem item in zip.Items)
        {
            if (!item.Name.EndsWith(Extension, StringComparison.Ordinal))
            {
                throw new ModelFormatException($"'{item.Name}' in the zip is not an array of NumPy, a file that ends with {Extension}.");
            }

            string name = item.Name[..^Extension.Length];
            NpyHeader header = ReadHeader(item, name);
            TensorInfo tensor = Add(name, header.TypeName, header.Shape);
            if (tensor.ElementType != ElementType.Other
                && (Int128)tensor.Count * TensorBytes.SizeOf(tensor.ElementType) != item.Size - header.Length)
            {
                throw new ModelFormatException($"The array {tensor} has {item.Size - header.Length} bytes, which is not its size.");
            }

            _arrays.Add((item, header));
        }
    }

    /// <inheritdoc/>
    private protected override void ReadCore<T>(TensorInfo tensor, Span<T> values)
    {
        (ZipItem item, NpyHeader header) = _arrays[tensor.Index];
        using Stream stream = _zip.Open(item);
        NpyHeader.Read(stream, tensor.Name);
        if (!header.IsFortranOrder || tensor.Shape.Count < 2)
        {
            TensorBytes.Read(stream, tensor.ElementType, header.IsLittleEndian, values);
        }
        else
        {
            ReadTransposed(stream, tensor, header.IsLittleEndian, values);
        }

        CheckedStream.CheckEnd(stream);
    }

    private NpyHeader ReadHeader(ZipItem item, string name)
    {
        using Stream stream = _zip.Open(item);
        try
        {
            return NpyHeader.Read(stream, name);
        }
        catch (EndOfStreamException e)
        {
            throw new ModelFormatException($"The array '{name}' ends within its header.", e);
        }
    }

    /// <summary>Reads numbers of which the first dimension runs fastest into an array of which the last does.</summary>
    private static void ReadTransposed<T>(Stream stream, TensorInfo tensor, bool littleEndian, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long[] strides = Strides.OfRows(tensor.Shape);
        T[] part = ArrayPool<T>.Shared.Rent(4096);
        try
        {
            Span<long> index = stackalloc long[tensor.Shape.Count];
            index.Clear();
            long to = 0;
            for (int done = 0; done < values.Length; done += part.Length)
            {
                Span<T> numbers = part.AsSpan(0, Math.Min(part.Length, values.Length - done));
                TensorBytes.Read(stream, tensor.ElementType, littleEndian, numbers);
                foreach (T number in numbers)
                {
                    values[(int)to] = number;
                    to = Strides.Next(index, tensor.Shape, strides, to, firstFastest: true);
                }
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(part);
        }
    }
}

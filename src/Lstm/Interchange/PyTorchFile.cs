using System.Globalization;
using Lstm.Interchange.Pickle;
using Lstm.Interchange.Zip;

namespace Lstm.Interchange;

/// <summary>
/// A file that <c>torch.save</c> wrote (PyTorch 1.6 and later) and that is open to be read: a state dict, or dictionaries and
/// lists with state dicts in them, whose keys are then put together with points.
/// </summary>
/// <remarks>
/// <para>
/// It is a zip of <c>data.pkl</c>, a pickle of Python, and of the numbers. The pickle is a program, and Python's own reader
/// runs what it says. Here it is interpreted: only the instructions that tensors need are known, and three names are,
/// <c>collections.OrderedDict</c>, <c>torch._utils._rebuild_tensor_v2</c> and <c>torch._utils._rebuild_parameter</c>, with the
/// types of storages (<c>torch.FloatStorage</c> and so on) where a tensor refers to one. Nothing is imported, called or made
/// but dictionaries and tensors. Any other name or instruction is an error that names it.
/// </para>
/// <para>
/// Views of every kind are read (transposed, strided, several of one storage), of either byte order. Whole numbers, texts and
/// the like beside the tensors are passed over. What is in the zip may not be larger than twice the file and 8 MB.
/// </para>
/// </remarks>
public sealed class PyTorchFile : TensorFile
{
    internal const string PickleName = "data.pkl";

    /// <summary>How deep dictionaries are looked into.</summary>
    private const int MostDepth = 8;

    private const int MostNameCharactersOfOne = 1024;

    /// <summary>The most values that are looked at: one may be referred to many times.</summary>
    private const int MostVisits = 100_000;

    private readonly ZipContents _zip;
    private readonly Dictionary<string, ZipItem> _storages = new(StringComparer.Ordinal);
    private readonly List<PickleTensor> _views = [];
    private readonly bool _isLittleEndian = true;
    private int _visits;

    // The storage that was read last, since several tensors may share one.
    private (string Key, byte[] Bytes)? _storage;

    internal PyTorchFile(Stream stream, bool leaveOpen, ZipContents zip, ZipItem pickle)
        : base(stream, leaveOpen)
    {
        _zip = zip;
        string root = pickle.Name[..^PickleName.Length];
        foreach (ZipItem item in zip.Items)
        {
            string name = item.Name.StartsWith(root, StringComparison.Ordinal) ? item.Name[root.Length..] : item.Name;
            if (name == "byteorder")
            {
                _isLittleEndian = ByteOrder(item);
            }
            else if (name.StartsWith("data/", StringComparison.Ordinal))
            {
                if (!_storages.TryAdd(name["data/".Length..], item))
                {
                    throw new ModelFormatException($"'{item.Name}' is in the zip twice.");
                }
            }
            else if (name is not (PickleName or "version" or ".format_version" or ".storage_alignment" or ".data/serialization_id"))
            {
                throw new ModelFormatException($"'{item.Name}' in the zip is not part of saved tensors: it may be a program (TorchScript).");
            }
        }

        Visit(PickleReader.Read(zip.ReadAll(pickle)), string.Empty, 0);
    }

    /// <inheritdoc/>
    private protected override void ReadCore<T>(TensorInfo tensor, Span<T> values)
    {
        PickleTensor view = _views[tensor.Index];
        ReadOnlySpan<byte> bytes = Storage(view.Storage.Key);
        int size = TensorBytes.SizeOf(tensor.ElementType);
        if (view.Strides.AsSpan().SequenceEqual(Strides.OfRows(view.Shape)))
        {
            TensorBytes.Convert(bytes[checked((int)view.Offset * size)..], tensor.ElementType, _isLittleEndian, values);
            return;
        }

        Span<long> index = stackalloc long[view.Shape.Length];
        index.Clear();
        long from = view.Offset;
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = TensorBytes.One<T>(bytes.Slice((int)from * size, size), tensor.ElementType, _isLittleEndian);
            from = Strides.Next(index, view.Shape, view.Strides, from, firstFastest: false);
        }
    }

    private bool ByteOrder(ZipItem item) => item.Size > 16 ? throw UnknownByteOrder() : _zip.ReadAll(item) switch
    {
        [.. var bytes] when bytes.AsSpan().SequenceEqual("little"u8) => true,
        [.. var bytes] when bytes.AsSpan().SequenceEqual("big"u8) => false,
        _ => throw UnknownByteOrder(),
    };

    private static ModelFormatException UnknownByteOrder() => new("The file's byte order is neither little nor big.");

    private ReadOnlySpan<byte> Storage(string key)
    {
        if (_storage?.Key != key)
        {
            _storage = null;
            _storage = (key, _zip.ReadAll(_storages[key]));
        }

        return _storage.Value.Bytes;
    }

    /// <summary>Collects the tensors.</summary>
    private void Visit(object? value, string name, int depth)
    {
        if (++_visits > MostVisits || depth > MostDepth)
        {
            throw new ModelFormatException($"The file has more than {MostVisits} values, or more than {MostDepth} within one another.");
        }

        switch (value)
        {
            case PickleTensor tensor:
                AddTensor(tensor, name);
                break;
            case PickleDictionary dictionary:
                foreach ((object? key, object? item) in dictionary.Items)
                {
                    Visit(item, Within(name, key as string ?? (key is long number ? Invariant(number) : throw BadKey())), depth + 1);
                }

                break;
            case PickleSequence list:
                for (int n = 0; n < list.Items.Count; n++)
                {
                    Visit(list.Items[n], Within(name, Invariant(n)), depth + 1);
                }

                break;
            default:
                break;
        }
    }

    private static string Within(string name, string key) => name.Length + key.Length <= MostNameCharactersOfOne
        ? name.Length == 0 ? key : $"{name}.{key}"
        : throw new ModelFormatException($"A name has more than {MostNameCharactersOfOne} characters.");

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static ModelFormatException BadKey() => new("A key of a dictionary is neither text nor a whole number.");

    private void AddTensor(PickleTensor view, string name)
    {
        PickleStorage storage = view.Storage;
        if (!_storages.TryGetValue(storage.Key, out ZipItem? item)
            || !SafetensorsTypes.TryGetBits(storage.TypeName, out int bits)
            || (Int128)storage.Count * bits != (Int128)item.Size * 8)
        {
            throw new ModelFormatException(
                $"The storage '{storage.Key}' of '{name}' is not in the zip, or not with {storage.Count} numbers of {storage.TypeName}.");
        }

        TensorInfo tensor = Add(name, storage.TypeName, view.Shape);
        if ((Int128)tensor.Count * bits > (Int128)ZipContents.MostBytes(Length) * 8)
        {
            throw new ModelFormatException($"The tensor {tensor} repeats its numbers until they are much larger than the file.");
        }

        _views.Add(view);
    }
}

using System.Globalization;
using System.Numerics;

namespace Lstm.Interchange;

/// <summary>
/// Keeps a <see cref="Snapshot{T}"/> in a safetensors file, so that a training with a loop of one's own can go on from there.
/// </summary>
/// <remarks>
/// Arrays are tensors of one dimension, of the type of the weights; numbers are tensors of F64; texts are metadata. What each
/// is, <c>values/</c>, <c>numbers/</c> or <c>texts/</c>, stands before its name. The checkpoints of a trainer are such files.
/// </remarks>
public static class SnapshotFile
{
    private const string Kind = "kind";
    private const string KindName = "Lstm training checkpoint";
    private const string Version = "version";
    private const int LatestVersion = 1;
    private const string Values = "values/";
    private const string Numbers = "numbers/";
    private const string Texts = "texts/";

    /// <summary>Writes a snapshot, with all of its parts.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="path">The file. An old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save<T>(Snapshot<T> snapshot, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var file = new TensorSet();
        file.Metadata[Kind] = KindName;
        file.Metadata[Version] = LatestVersion.ToString(CultureInfo.InvariantCulture);
        foreach ((string name, T[] values) in snapshot.AllValues)
        {
            file.Add(Values + name, [values.Length], values);
        }

        foreach ((string name, double[] numbers) in snapshot.AllNumbers)
        {
            file.Add(Numbers + name, [numbers.Length], numbers);
        }

        foreach ((string name, string text) in snapshot.AllTexts)
        {
            file.Metadata[Texts + name] = text;
        }

        file.SaveSafetensors(path);
    }

    /// <summary>Reads a snapshot.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, as when it was written.</typeparam>
    /// <param name="path">The file.</param>
    /// <returns>The snapshot, with the same names and the same bits.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of another kind or element type, or of a later version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Snapshot<T> Load<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        CheckKind(file);
        var snapshot = new Snapshot<T>();
        ElementType type = typeof(T) == typeof(float) ? ElementType.F32 : ElementType.F64;
        foreach (TensorInfo tensor in file.Tensors)
        {
            if (tensor.Name.StartsWith(Values, StringComparison.Ordinal))
            {
                snapshot.SetValues(tensor.Name[Values.Length..], Read<T>(file, tensor, type));
            }
            else if (tensor.Name.StartsWith(Numbers, StringComparison.Ordinal))
            {
                snapshot.SetNumbers(tensor.Name[Numbers.Length..], Read<double>(file, tensor, ElementType.F64));
            }
            else
            {
                throw new ModelFormatException($"The tensor {tensor} has no place in a checkpoint.");
            }
        }

        foreach (string key in file.MetadataKeys)
        {
            if (key.StartsWith(Texts, StringComparison.Ordinal))
            {
                snapshot.SetText(key[Texts.Length..], file.Metadata(key)!);
            }
        }

        return snapshot;
    }

    private static void CheckKind(SafetensorsFile file)
    {
        if (file.Metadata(Kind) is not KindName)
        {
            throw new ModelFormatException("The file is not a checkpoint of a training.");
        }

        string? version = file.Metadata(Version);
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number != LatestVersion)
        {
            throw new ModelFormatException(
                $"The checkpoint is of version {version ?? "none"}, but this library reads version {LatestVersion} alone.");
        }
    }

    private static T[] Read<T>(SafetensorsFile file, TensorInfo tensor, ElementType type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        tensor.ElementType == type
            ? file.Read<T>(tensor.Name)
            : throw new ModelFormatException($"The tensor {tensor} must be of type {type}: the training was of another type.");
}

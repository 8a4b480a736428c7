using System.Diagnostics;

namespace Lstm.Onnx.Tests.Hostile;

/// <summary>What became of a file: whether it was loaded, whether it ran, and what loading took.</summary>
public readonly record struct Probe(bool Loaded, bool Ran, long Bytes, TimeSpan Time)
{
    /// <summary>What loading may allocate beside twice the file: 16 MB.</summary>
    public const long Allowance = 16 << 20;

    /// <summary>What a run of a changed model may make.</summary>
    private const long MaxElements = 1 << 16;

    /// <summary>What stands for an open dimension.</summary>
    private const int OpenSize = 2;

    /// <summary>
    /// Loads a file, and runs the model if it is one. Anything but a right load, a right run and an
    /// <see cref="OnnxException"/> comes out as it is.
    /// </summary>
    public static Probe Of(byte[] file)
    {
        using var stream = new MemoryStream(file);
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxModel<float>? model = null;
        try
        {
            model = OnnxModel<float>.Load(stream, new OnnxLoadOptions { MaxElements = MaxElements });
        }
        catch (OnnxException)
        {
            // The documented exception.
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        bool ran = model is not null && Run(model);
        return new Probe(model is not null, ran, bytes, clock.Elapsed);
    }

    private static bool Run(OnnxModel<float> model)
    {
        var inputs = new Dictionary<string, OnnxTensor<float>>();
        foreach (OnnxValue input in model.Inputs)
        {
            int[] shape = [.. input.Shape?.Select(dimension => dimension.Size ?? OpenSize) ?? [OpenSize, OpenSize, OpenSize]];
            long count = shape.Aggregate(1L, (product, size) => Math.Min(product * size, MaxElements + 1));
            if (count > MaxElements)
            {
                return false;
            }

            inputs.Add(input.Name, input.IsInteger
                ? OnnxTensor<float>.FromIntegers(shape, new long[count])
                : new OnnxTensor<float>(shape, new float[count]));
        }

        try
        {
            model.Run(inputs);
            return true;
        }
        catch (OnnxException)
        {
            return false;
        }
    }
}

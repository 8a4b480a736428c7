using System.Numerics;
using Google.Protobuf;
using Lstm.Layers;
using Lstm.Onnx.Export;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx;

/// <summary>Writes layers and networks in the format of ONNX, the Open Neural Network Exchange (onnx.ai).</summary>
/// <remarks>
/// <para>
/// The model computes in single precision. The number of steps and of sequences is left open. Its input is called
/// <c>input</c>: T × B × I numbers, or T × B integers (int64) if the first layer takes tokens; its output <c>output</c>,
/// T × B × F.
/// </para>
/// <para>
/// With <see cref="OnnxExportOptions.States"/> each part of the state is an input <c>state.NAME</c> and an output
/// <c>final.NAME</c>, of 1 × B × H, where NAME is the part's name in <see cref="Layer{T}.CreateState"/>: <c>0.Hidden</c>,
/// say. The numbers that <see cref="Layer{T}.CreateState"/> has (zeros, unless a start was learnt) to begin with, and then
/// what came out, go on with a stream. Other runtimes want every input at each run; <see cref="OnnxModel{T}"/> takes states of
/// zeros that are left out as given.
/// </para>
/// <para>
/// With <see cref="OnnxExportOptions.Lengths"/> the lengths of the sequences are an input <c>lengths</c>, after
/// <c>input</c>. ONNX has lengths and no masks with gaps (<see cref="StepMask.HasGaps"/>), and so these cannot be written.
/// </para>
/// <para>
/// All layers of the library are written. An LSTM with an option that ONNX's LSTM lacks (a projection, layer normalisation,
/// a limit of the cell state, zoneout) is written step by step, as a graph within a <c>Scan</c>. What random choices are made in training (dropout) is left out. A
/// <see cref="StatefulLayer{T}"/> is written as the layer within.
/// </para>
/// </remarks>
public static partial class OnnxExport
{
    /// <summary>Writes a model to a file. If it cannot be written, no file is touched.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The layer or network.</param>
    /// <param name="path">The file, which is replaced if there is one.</param>
    /// <param name="options">How it is written; the defaults if null.</param>
    /// <exception cref="ArgumentNullException">The model or the path is null.</exception>
    /// <exception cref="OnnxException">A layer has no counterpart in ONNX; or the model is larger than 2 GB.</exception>
    public static void Save<T>(Layer<T> model, string path, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(path);
        Save(ModelWriter<T>.Network(model, options ?? new OnnxExportOptions()), path);
    }

    /// <summary>Writes a model to a stream. If it cannot be written, nothing is.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The layer or network.</param>
    /// <param name="stream">The stream, which is left open.</param>
    /// <param name="options">How it is written; the defaults if null.</param>
    /// <exception cref="ArgumentNullException">The model or the stream is null.</exception>
    /// <exception cref="OnnxException">A layer has no counterpart in ONNX; or the model is larger than 2 GB.</exception>
    public static void Save<T>(Layer<T> model, Stream stream, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        Save(ModelWriter<T>.Network(model, options ?? new OnnxExportOptions()), stream);
    }

    private static void Save(WireMessage message, string path)
    {
        using FileStream stream = File.Create(path);
        Save(message, stream);
    }

    private static void Save(WireMessage message, Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        message.WriteTo(output);
    }
}

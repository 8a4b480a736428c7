using System.Numerics;
using Lstm.Models;
using Lstm.Onnx.Export;

namespace Lstm.Onnx;

public static partial class OnnxExport
{
    /// <summary>
    /// Writes a classifier to a file, with the scaling of its features and the softmax: from raw features, T × B × I, of which
    /// NaN is a missing one, to the probabilities of its labels, 1 × B × labels. If it cannot be written, no file is touched.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <typeparam name="TLabel">What the labels are; the file does not have them.</typeparam>
    /// <param name="classifier">The classifier.</param>
    /// <param name="path">The file, which is replaced if there is one.</param>
    /// <param name="options">How it is written; the defaults if null. There is a softmax whatever they say.</param>
    /// <exception cref="ArgumentNullException">The classifier or the path is null.</exception>
    /// <exception cref="OnnxException">The model is larger than 2 GB.</exception>
    public static void Save<T, TLabel>(SequenceClassifier<T, TLabel> classifier, string path, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLabel : notnull
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(path);
        Save(ModelWriter<T>.Scaled(classifier.Scaling, classifier.Network, WithSoftmax(options)), path);
    }

    /// <summary>
    /// Writes a classifier to a stream, with the scaling of its features and the softmax: from raw features, T × B × I, of
    /// which NaN is a missing one, to the probabilities of its labels, 1 × B × labels.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <typeparam name="TLabel">What the labels are; the file does not have them.</typeparam>
    /// <param name="classifier">The classifier.</param>
    /// <param name="stream">The stream, which is left open.</param>
    /// <param name="options">How it is written; the defaults if null. There is a softmax whatever they say.</param>
    /// <exception cref="ArgumentNullException">The classifier or the stream is null.</exception>
    /// <exception cref="OnnxException">The model is larger than 2 GB.</exception>
    public static void Save<T, TLabel>(SequenceClassifier<T, TLabel> classifier, Stream stream, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLabel : notnull
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(stream);
        Save(ModelWriter<T>.Scaled(classifier.Scaling, classifier.Network, WithSoftmax(options)), stream);
    }

    /// <summary>
    /// Writes the decoder of a network from text to text to a file; its <see cref="EncoderDecoder{T}.Encoder"/> is a network
    /// that can be saved by itself. The decoder takes the tokens of the target, T × B, and gives the logits of the next ones.
    /// </summary>
    /// <remarks>
    /// Its states at the start are the encoder's final states, part by part in the same order. If the decoder sees the
    /// context at every step (<see cref="SequenceToSequenceOptions.Peeky"/>), there is a further input <c>context</c>,
    /// 1 × B × H: the encoder's final hidden state of its last LSTM layer.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network of encoder and decoder.</param>
    /// <param name="path">The file, which is replaced if there is one.</param>
    /// <param name="options">How it is written; the defaults if null. The states are inputs and outputs whatever they say.</param>
    /// <exception cref="ArgumentNullException">The network or the path is null.</exception>
    /// <exception cref="OnnxException">The model is larger than 2 GB.</exception>
    public static void SaveDecoder<T>(EncoderDecoder<T> network, string path, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(path);
        Save(ModelWriter<T>.Decoder(network, WithStates(options)), path);
    }

    /// <summary>
    /// Writes the decoder of a network from text to text to a stream; see
    /// <see cref="SaveDecoder{T}(EncoderDecoder{T}, string, OnnxExportOptions?)"/>.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network of encoder and decoder.</param>
    /// <param name="stream">The stream, which is left open.</param>
    /// <param name="options">How it is written; the defaults if null. The states are inputs and outputs whatever they say.</param>
    /// <exception cref="ArgumentNullException">The network or the stream is null.</exception>
    /// <exception cref="OnnxException">The model is larger than 2 GB.</exception>
    public static void SaveDecoder<T>(EncoderDecoder<T> network, Stream stream, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        Save(ModelWriter<T>.Decoder(network, WithStates(options)), stream);
    }

    private static OnnxExportOptions WithSoftmax(OnnxExportOptions? options) => (options ?? new OnnxExportOptions()) with { Softmax = true };

    private static OnnxExportOptions WithStates(OnnxExportOptions? options) => (options ?? new OnnxExportOptions()) with { States = true };
}

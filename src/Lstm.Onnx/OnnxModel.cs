using System.Numerics;
using Lstm.Models;
using Lstm.Onnx.Conversion;
using Lstm.Onnx.Graphs;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx;

/// <summary>
/// A model that was read from a file of ONNX, the Open Neural Network Exchange (onnx.ai): from PyTorch's, Keras's or this
/// library's exporter, say. Its recurrent nodes are run by the layers of this library.
/// </summary>
/// <remarks>
/// <para>
/// All numbers are computed in T, whatever the file has; integers in 64 bits. Any number of threads may run one model at
/// once.
/// </para>
/// <para>
/// A file is read with care: whatever is in it, reading it takes no more memory than twice its size and 16 MB, and what is
/// not as it should be is an <see cref="OnnxException"/>. Weights in other files beside it, the graphs of
/// <c>If</c> and <c>Loop</c>, and those of <c>Scan</c> that use tensors from outside, are not supported.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class OnnxModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph;

    /// <summary>The inputs that may be left out: states that start at zeros.</summary>
    private readonly HashSet<string> _states;

    private OnnxModel(ModelData model, long maximumElements)
    {
        _graph = new Graph<T>(model, maximumElements);
        _states = [.. Inputs.Skip(1).Select(input => input.Name)
            .Where(name => model.StatesStartAtZero && name.StartsWith(OwnModel.StatePrefix, StringComparison.Ordinal))];
    }

    /// <summary>What the model takes, in the file's order.</summary>
    public IReadOnlyList<OnnxValue> Inputs => _graph.Inputs;

    /// <summary>What the model gives, in the file's order.</summary>
    public IReadOnlyList<OnnxValue> Outputs => _graph.Outputs;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is loaded; the defaults if null.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="OnnxException">The file cannot be read; the message says which node is not supported, and why.</exception>
    public static OnnxModel<T> Load(string path, OnnxLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream stream = File.OpenRead(path);
        return Load(stream, options);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream, which is left open.</param>
    /// <param name="options">How it is loaded; the defaults if null.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="OnnxException">The stream cannot be read; the message says which node is not supported, and why.</exception>
    public static OnnxModel<T> Load(Stream stream, OnnxLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new OnnxLoadOptions();
        return new OnnxModel<T>(ModelData.Read(ReadAll(stream)), options.MaximumElements);
    }

    /// <summary>Computes all outputs.</summary>
    /// <param name="inputs">
    /// A tensor for each of <see cref="Inputs"/>, by name. The states of a model that <see cref="OnnxExport"/> wrote may all be left
    /// out, and are then zeros; not those that were learnt (<see cref="Layers.LstmOptions.LearnInitialState"/>), nor those of a
    /// decoder.
    /// </param>
    /// <returns>A tensor for each of <see cref="Outputs"/>, by name.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="inputs"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// An input is missing, unknown, of other sizes than the model says, or of integers instead of numbers or the other way round.
    /// </exception>
    /// <exception cref="OnnxException">
    /// A node cannot be run on what it is given, or the tensors are larger than <see cref="OnnxLoadOptions.MaximumElements"/>.
    /// </exception>
    public IReadOnlyDictionary<string, OnnxTensor<T>> Run(IReadOnlyDictionary<string, OnnxTensor<T>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (string name in inputs.Keys)
        {
            if (!Inputs.Any(input => input.Name == name))
            {
                throw new ArgumentException(
                    $"{nameof(inputs)} must have {string.Join(", ", Inputs)}, but has '{name}'.", nameof(inputs));
            }
        }

        bool atStart = !_states.Overlaps(inputs.Keys);
        OnnxTensor<T>[] outputs = _graph.Run(
            [.. Inputs.Select(input => atStart && _states.Contains(input.Name) ? Start(input, inputs) : Checked(input, inputs))]);
        return Outputs.Zip(outputs).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    /// <summary>Computes the first output of a model of one input, but for states that start at zeros.</summary>
    /// <param name="input">The input.</param>
    /// <returns>The first of <see cref="Outputs"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The model has no input, or needs several.</exception>
    /// <exception cref="ArgumentException">
    /// The input is of other sizes than the model says, or of integers instead of numbers or the other way round.
    /// </exception>
    /// <exception cref="OnnxException">
    /// A node cannot be run on what it is given, or the tensors are larger than <see cref="OnnxLoadOptions.MaximumElements"/>.
    /// </exception>
    public OnnxTensor<T> Run(OnnxTensor<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Inputs.Count == 1 + _states.Count
            ? Run(new Dictionary<string, OnnxTensor<T>> { [Inputs[0].Name] = input })[Outputs[0].Name]
            : throw new InvalidOperationException($"The model has {Inputs.Count} inputs: {string.Join(", ", Inputs)}.");
    }

    /// <summary>
    /// Makes a network of the model's layers, with its weights: to be trained further, saved, run step by step or written
    /// anew. The model must be a chain of layers that the library has, from the first input to the first output.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The network takes and gives steps × sequences × features, in whatever order the file has them; one step of features
    /// alone is one of every sequence. Inputs for states are left out, for a network keeps its own, and so are further outputs.
    /// A state at the start that is a constant of the file becomes a learnt one. Lengths of sequences that are an input become the
    /// mask of the network's input (<see cref="StepMask.FromLengths"/>); after the ends the network gives zeros.
    /// </para>
    /// <para>What is made is compared with the model on a small input, and refused unless both compute the same.</para>
    /// </remarks>
    /// <param name="withoutSoftmax">
    /// Whether a softmax at the end is left out, so that the network gives logits, which this library's losses take; otherwise
    /// the model is refused, as a network has none.
    /// </param>
    /// <returns>The network, which shares nothing with the model.</returns>
    /// <exception cref="OnnxException">The model is no such chain; the message says which node is not a layer, and why.</exception>
    public Network<T> ToNetwork(bool withoutSoftmax = false) => NetworkReader<T>.Read(_graph, withoutSoftmax);

    /// <summary>Says what the model takes and gives.</summary>
    /// <returns>For example <c>OnnxModel&lt;Single&gt;: x [steps, batch, 3] → y [steps, batch, 2]</c>.</returns>
    public override string ToString() =>
        $"OnnxModel<{typeof(T).Name}>: {string.Join(", ", Inputs)} → {string.Join(", ", Outputs)}";

    /// <summary>The zeros of a state for as many sequences as the first input has.</summary>
    private OnnxTensor<T> Start(OnnxValue state, IReadOnlyDictionary<string, OnnxTensor<T>> inputs)
    {
        OnnxTensor<T> first = Checked(Inputs[0], inputs);
        return OnnxTensor<T>.Start(state, first.Sizes is [_, int batch, ..] ? batch : 1, _graph.MaxElements)
            ?? throw new OnnxException($"The state {state} is larger than a run may be.");
    }

    private static OnnxTensor<T> Checked(OnnxValue expected, IReadOnlyDictionary<string, OnnxTensor<T>> inputs)
    {
        if (!inputs.TryGetValue(expected.Name, out OnnxTensor<T>? tensor) || tensor is null)
        {
            throw new ArgumentException($"{nameof(inputs)} must have {expected}, but has not.", nameof(inputs));
        }

        bool fits = tensor.IsInteger == expected.IsInteger && (expected.Shape is null
            || (expected.Shape.Count == tensor.Shape.Count
                && expected.Shape.Zip(tensor.Shape).All(pair => pair.First.Size is not int size || size == pair.Second)));
        return fits
            ? tensor
            : throw new ArgumentException(
                $"The input must be {expected} of {(expected.IsInteger ? "integers" : "numbers")}, but is {tensor}.", nameof(inputs));
    }

    /// <summary>The rest of a stream, in an array of its size if it is known.</summary>
    private static byte[] ReadAll(Stream stream)
    {
        if (!stream.CanSeek)
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }

        long length = stream.Length - stream.Position;
        if (length > Array.MaxLength)
        {
            throw new OnnxException($"The file is of {length} bytes; ONNX has at most 2 GB.");
        }

        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

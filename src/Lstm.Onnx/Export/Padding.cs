using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Export;

/// <summary>
/// The lengths of the sequences of a batch, an input of the model, and what follows from them: which steps are there, and
/// which are after the end of their sequence. A node is added when something first wants what it gives.
/// </summary>
/// <remarks>
/// Layers may leave anything after the ends of sequences, as long as they make nothing of what stands there: what comes out
/// of the model is set to zero there, once.
/// </remarks>
internal sealed class Padding
{
    private readonly GraphBuilder _graph;
    private readonly string _input;

    /// <summary>Adds the input.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of the input of sequences, whose first dimension are the steps.</param>
    public Padding(GraphBuilder graph, string input)
    {
        (_graph, _input) = (graph, input);
        Lengths = graph.Name("lengths");
        graph.AddInput(Lengths, ElementKind.Int32, GraphBuilder.Batch);
    }

    /// <summary>The lengths as recurrent nodes take them: B integers of 32 bits.</summary>
    public string Lengths { get; }

    /// <summary>The lengths in 64 bits.</summary>
    public string Whole => field ??= _graph.AddNode(
        "Lengths.Cast", "Cast", [Lengths], GraphBuilder.Attribute("to", (long)ElementKind.Int64));

    /// <summary>Whether each step is there, T × B × 1.</summary>
    public string Valid => field ??= _graph.AddNode("Lengths.Less", "Less", [Steps, Column]);

    /// <summary>Whether each step is its sequence's last, T × B × 1.</summary>
    public string Last => field ??= _graph.AddNode(
        "Lengths.Equal", "Equal", [Steps, _graph.AddNode("Lengths.Sub", "Sub", [Column, _graph.Integers(1)])]);

    /// <summary>The lengths as numbers, B × 1.</summary>
    public string Count => field ??= _graph.AddNode(
        "Lengths.Count", "Cast", [Column], GraphBuilder.Attribute("to", (long)ElementKind.Float));

    /// <summary>Whether each sequence has any step, B × 1.</summary>
    private string HasSteps => field ??= _graph.AddNode("Lengths.Greater", "Greater", [Column, _graph.Integers(0)]);

    /// <summary>0, 1, …, T − 1: T × 1 × 1.</summary>
    private string Steps => field ??= _graph.AddNode(
        "Lengths.Steps",
        "Unsqueeze",
        [
            _graph.AddNode(
                "Lengths.Range",
                "Range",
                [
                    _graph.Integer(0),
                    _graph.AddNode(
                        "Lengths.Gather", "Gather", [_graph.AddNode("Lengths.Shape", "Shape", [_input]), _graph.Integer(0)]),
                    _graph.Integer(1),
                ]),
            _graph.Integers(1, 2),
        ]);

    private string Column => field ??= _graph.AddNode("Lengths.Column", "Unsqueeze", [Whole, _graph.Integers(1)]);

    private string Zero => field ??= _graph.AddConstant("Lengths.Zero", [0]);

    /// <summary>Gives numbers, T × B × F, a name as an output, with zeros after the ends.</summary>
    public void Clear(string numbers, string output) => _graph.AddNode(output, "Where", [Valid, numbers, Zero], [output]);

    /// <summary>Numbers, T × B × F, with zeros after the ends.</summary>
    public string Cleared(string numbers, string path) => Chosen(Valid, numbers, Zero, path);

    /// <summary>
    /// Gives the state after the last step, 1 × B × H, a name as an output. That of a sequence without a step is the state
    /// before it, of which ONNX does not say anything, and for which ONNX Runtime gives zeros.
    /// </summary>
    public void Keep(string before, string after, string output) =>
        _graph.AddNode(output, "Where", [HasSteps, after, before], [output]);

    /// <summary>Numbers, T × B × F, with what cannot be a maximum after the ends.</summary>
    public string Lowered(string numbers, string path) =>
        Chosen(Valid, numbers, _graph.AddConstant($"{path}Lowest", [float.NegativeInfinity]), path);

    /// <summary>Numbers, T × B × F, with zeros at all steps but the last of each sequence.</summary>
    public string OnlyLast(string numbers, string path) => Chosen(Last, numbers, Zero, path);

    /// <summary>Tokens, T × B, with the first token after the ends, where there may be what is none.</summary>
    public string Tokens(string tokens, string path) => Chosen(
        _graph.AddNode($"{path}Valid", "Squeeze", [Valid, _graph.Integers(2)]), tokens, _graph.Integer(0), path);

    private string Chosen(string condition, string yes, string no, string path) =>
        _graph.AddNode($"{path}Where", "Where", [condition, yes, no]);
}

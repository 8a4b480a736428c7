using System.Numerics;
using Lstm.Layers;

namespace Lstm.Onnx.Export;

/// <summary>
/// Writes LSTM layers with options that ONNX's LSTM does not have: as a Scan over the steps, whose graph (see
/// <see cref="StepWriter{T}"/>) computes one of them. The product of all inputs with W stands before it.
/// </summary>
internal sealed class ScanWriter<T>(GraphBuilder graph, OnnxExportOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Adds the nodes of a layer, and returns what gives its output, T × B × P.</summary>
    public string Write(LstmLayer<T> layer, Signal input, string path, bool reverse)
    {
        int rows = layer.InputWeights.Rows;

        // A column of W is a row here: the two are the same in memory.
        string weights = graph.AddConstant($"{path}{layer.InputWeights.Name}", Numbers.Of(layer.InputWeights), layer.Inputs, rows);
        string sums = graph.AddNode($"{path}MatMul", "MatMul", [input.Name, weights]);
        if (layer.Options is { UseBias: true, LayerNormalization: false })
        {
            sums = graph.AddNode(
                $"{path}Add", "Add", [sums, graph.AddConstant($"{path}{layer.Bias.Name}", Numbers.Of(layer.Bias), rows)]);
        }

        (string hidden, string? finalHidden) = State(path, "Hidden", layer.Outputs, layer.InitialHidden, input.Name);
        (string cell, string? finalCell) = State(path, "Cell", layer.HiddenUnits, layer.InitialCell, input.Name);
        string output = graph.Name($"{path}Scan");
        string[] outputs = [graph.Name($"{path}Scan.Hidden"), graph.Name($"{path}Scan.Cell"), output];
        string[] scanned = input.Padding is { } padding ? [sums, padding.Valid] : [sums];
        long backwards = reverse ? 1 : 0;
        graph.AddNode(
            output,
            "Scan",
            [hidden, cell, .. scanned],
            outputs,
            GraphBuilder.Attribute("body", StepWriter<T>.Step(layer, options.Opset, $"{path}Step.", scanned.Length > 1)),
            GraphBuilder.Attribute("num_scan_inputs", scanned.Length),
            GraphBuilder.Attribute("scan_input_directions", Enumerable.Repeat(backwards, scanned.Length)),
            GraphBuilder.Attribute("scan_output_directions", [backwards]));
        AddFinal(outputs[0], finalHidden);
        AddFinal(outputs[1], finalCell);
        return output;
    }

    /// <summary>A part of the state before the first step, B × features, and the name of the output for it after the last, if there is one.</summary>
    private (string Start, string? Final) State(string path, string name, int features, Parameter<T>? initial, string input)
    {
        (string start, string? final) = options.States
            ? graph.AddState($"{path}{name}", features, initial is not null)
            : (graph.AddStart(path, $"Initial{name}", initial is null ? new float[features] : Numbers.Of(initial), input), null);
        return (graph.AddNode($"{path}Squeeze", "Squeeze", [start, graph.Integers(0)]), final);
    }

    private void AddFinal(string state, string? final)
    {
        if (final is not null)
        {
            graph.AddNode(final, "Unsqueeze", [state, graph.Integers(0)], [final]);
        }
    }
}

using System.Numerics;

namespace Lstm.Onnx.Export;

/// <summary>Writes recurrent layers as nodes of ONNX's recurrent operators.</summary>
internal sealed class RecurrentWriter<T>(GraphBuilder graph, bool states)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The place of the peepholes among the inputs of an LSTM.</summary>
    private const int PeepholeInput = 7;

    /// <summary>Adds the nodes of a layer, and returns what gives its output, T × B × H.</summary>
    public string Write(Recurrence<T> layer, Signal input, string path, bool reverse)
    {
        List<string> inputs =
        [
            input.Name,
            Rows(layer.InputWeights, layer, path),
            Rows(layer.RecurrentWeights, layer, path),
            layer.Bias is null ? string.Empty : Vector(layer.Bias, 2 * layer.Gates * layer.Units, layer.BiasToOnnx, path),
            input.Padding?.Lengths ?? string.Empty,
        ];
        string output = graph.Name($"{path}{layer.Operator}");
        List<string> outputs = [output];
        List<(string State, string Behind, string Final)> kept = [];
        foreach ((string name, Parameter<T>? initial) in layer.States)
        {
            if (states)
            {
                (string state, string final) = graph.AddState($"{path}{name}", layer.Units, initial is not null);
                string after = input.Padding is null ? final : graph.Name($"{path}{layer.Operator}.{name}");
                inputs.Add(state);
                outputs.Add(after);
                kept.Add((state, after, final));
            }
            else if (initial is not null)
            {
                inputs.Add(graph.AddStart(path, initial.Name, Numbers.Of(initial), input.Name));
            }
        }

        if (layer.Peepholes is not null)
        {
            inputs.AddRange(Enumerable.Repeat(string.Empty, PeepholeInput - inputs.Count));
            inputs.Add(Vector(layer.Peepholes, 3 * layer.Units, layer.PeepholesToOnnx, path));
        }

        graph.AddNode(
            output,
            layer.Operator,
            inputs,
            outputs,
            [
                GraphBuilder.Attribute("direction", reverse ? "reverse" : "forward"),
                GraphBuilder.Attribute("hidden_size", layer.Units),
                .. layer.Attributes,
            ]);

        foreach ((string state, string after, string final) in kept)
        {
            input.Padding?.Keep(state, after, final);
        }

        // T × 1 × B × H: the second is the number of directions.
        return graph.AddNode($"{path}Squeeze", "Squeeze", [output, graph.Integers(1)]);
    }

    /// <summary>1 × G·H × columns, row by row, in ONNX's order.</summary>
    private string Rows(Parameter<T> parameter, Recurrence<T> layer, string path)
    {
        (int from, int columns, int to) = (parameter.Rows, parameter.Columns, layer.Gates * layer.Units);
        float[] source = Numbers.Of(parameter);
        float[] rows = new float[to * columns];
        for (int row = 0; row < from; row++)
        {
            Span<float> target = rows.AsSpan(layer.ToOnnx(row) * columns, columns);
            for (int column = 0; column < columns; column++)
            {
                target[column] = source[(column * from) + row];
            }
        }

        return graph.AddConstant($"{path}{parameter.Name}", rows, 1, to, columns);
    }

    /// <summary>1 × length numbers in ONNX's order, and zeros.</summary>
    private string Vector(Parameter<T> parameter, int length, Func<int, int> toOnnx, string path)
    {
        float[] source = Numbers.Of(parameter);
        float[] vector = new float[length];
        for (int row = 0; row < source.Length; row++)
        {
            vector[toOnnx(row)] = source[row];
        }

        return graph.AddConstant($"{path}{parameter.Name}", vector, 1, length);
    }
}

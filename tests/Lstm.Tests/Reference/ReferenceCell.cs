using Lstm.Layers;

namespace Lstm.Tests.Reference;

/// <summary>
/// What an LSTM layer with options infers, one number at a time, written straight from the papers' equations. It shares
/// nothing with the library's kernels.
/// </summary>
internal sealed class ReferenceCell(LstmLayer<double> layer)
{
    private readonly int _units = layer.HiddenUnits;
    private readonly LstmOptions _options = layer.Options;

    /// <summary>The outputs of all steps. The state, of before the first step, becomes that of the last valid ones.</summary>
    public double[,,] Infer(Sequence<double> input, LstmState<double> state)
    {
        double[,,] output = new double[input.Steps, input.Batch, layer.Outputs];
        for (int b = 0; b < input.Batch; b++)
        {
            double[] h = [.. state.Hidden.Column(b)];
            double[] c = [.. state.Cell.Column(b)];
            double[] shown = new double[layer.Outputs];
            for (int t = 0; t < (input.Mask?.LengthOf(b) ?? input.Steps); t++)
            {
                if (input.Mask?[t, b] != false)
                {
                    (h, c) = Step(input.At(t, b).ToArray(), h, c);
                    shown = h;
                }

                for (int k = 0; k < shown.Length; k++)
                {
                    output[t, b, k] = shown[k];
                }
            }

            state.Hidden.SetColumn(b, h);
            state.Cell.SetColumn(b, c);
        }

        return output;
    }

    private (double[] H, double[] C) Step(double[] x, double[] h, double[] c)
    {
        bool coupled = _options.CoupledGates;
        (int g, int o) = coupled ? (1, 2) : (2, 3);
        double[] input = Gate(0, x, h, Peephole(0, c), _options.GateActivation);
        double[] forget = coupled ? [.. input.Select(i => 1 - i)] : Gate(1, x, h, Peephole(1, c), _options.GateActivation);
        double[] candidate = Gate(g, x, h, null, _options.CandidateActivation);
        double[] cell = new double[_units];
        for (int k = 0; k < _units; k++)
        {
            cell[k] = Clip((forget[k] * c[k]) + (input[k] * candidate[k]), _options.CellClip);
        }

        double[] open = Gate(o, x, h, Peephole(coupled ? 1 : 2, cell), _options.GateActivation);
        double[] shown = [.. cell.Zip(open, (value, gate) => gate * Value(_options.OutputActivation, value))];
        double[] hidden = layer.Projection is { } projection
            ? [.. Enumerable.Range(0, layer.Outputs).Select(p => Dot(projection, p, shown))]
            : shown;
        return (Mean(h, hidden, _options.HiddenZoneout), Mean(c, cell, _options.CellZoneout));
    }

    private static double[] Mean(double[] before, double[] after, double rate) =>
        [.. before.Zip(after, (old, fresh) => (rate * old) + ((1 - rate) * fresh))];

    private static double Clip(double value, double? limit) => limit is { } l ? Math.Clamp(value, -l, l) : value;

    private static double Dot(Parameter<double> matrix, int row, double[] x) => x.Select((value, n) => matrix.Value[row, n] * value).Sum();

    private double[]? Peephole(int number, double[] c) => layer.Peepholes is { } p
        ? [.. c.Select((value, k) => p.Values[(number * _units) + k] * value)]
        : null;

    private double[] Gate(int gate, double[] x, double[] h, double[]? peephole, Activation activation)
    {
        double[] z = new double[_units];
        for (int k = 0; k < _units; k++)
        {
            int row = (gate * _units) + k;
            z[k] = Dot(layer.InputWeights, row, x) + Dot(layer.RecurrentWeights, row, h) + (peephole?[k] ?? 0);
        }

        if (_options.LayerNormalization)
        {
            double mean = z.Average();
            double deviation = Math.Sqrt(z.Average(value => (value - mean) * (value - mean)) + _options.NormalizationEpsilon);
            z = [.. z.Select((value, k) => layer.Gain!.Values[(gate * _units) + k] * ((value - mean) / deviation))];
        }

        for (int k = 0; k < _units; k++)
        {
            double bias = _options.UseBias ? layer.Bias.Values[(gate * _units) + k] : 0;
            z[k] = Value(activation, Clip(z[k] + bias, _options.GateClip));
        }

        return z;
    }

    /// <summary>As ONNX defines them, for the operators LSTM, GRU and RNN.</summary>
    private static double Value(Activation activation, double x)
    {
        (double alpha, double beta) = (activation.Alpha, activation.Beta);
        return activation.Name switch
        {
            "Relu" => Math.Max(0, x),
            "Tanh" => Math.Tanh(x),
            "Sigmoid" => 1 / (1 + Math.Exp(-x)),
            "Affine" => (alpha * x) + beta,
            "LeakyRelu" => x >= 0 ? x : alpha * x,
            "ThresholdedRelu" => x >= alpha ? x : 0,
            "ScaledTanh" => alpha * Math.Tanh(beta * x),
            "HardSigmoid" => Math.Min(Math.Max((alpha * x) + beta, 0), 1),
            "Elu" => x >= 0 ? x : alpha * (Math.Exp(x) - 1),
            "Softsign" => x / (1 + Math.Abs(x)),
            "Softplus" => Math.Log(1 + Math.Exp(x)),
            _ => throw new ArgumentException(activation.Name, nameof(activation)),
        };
    }
}

using System.Numerics;
using Lstm.Layers;

namespace Lstm.Tests.Reference;

/// <summary>
/// An LSTM over managed arrays, one number at a time, written straight from its equations. It is what the library's
/// kernels are compared with, so it shares nothing with them and is meant to be read, not to be fast. It computes in
/// double whatever the layer's type is, so that against a float layer it stands for the exact result.
/// </summary>
/// <param name="w">W, 4H × I, rows in four blocks i, f, g, o.</param>
/// <param name="u">U, 4H × H.</param>
/// <param name="bias">b, 4H × 1.</param>
internal sealed class ReferenceLstm(double[,] w, double[,] u, double[,] bias)
{
    private readonly int _inputs = w.GetLength(1);
    private readonly int _units = u.GetLength(1);

    // Of the latest forward pass, indexed [step, sequence, unit].
    private double[,,] _x = new double[0, 0, 0];
    private double[,,] _i = new double[0, 0, 0];
    private double[,,] _f = new double[0, 0, 0];
    private double[,,] _g = new double[0, 0, 0];
    private double[,,] _o = new double[0, 0, 0];
    private double[,,] _c = new double[0, 0, 0];
    private double[,,] _h = new double[0, 0, 0];
    private double[,] _h0 = new double[0, 0];
    private double[,] _c0 = new double[0, 0];

    /// <summary>Takes the weights of a layer as they are now.</summary>
    public static ReferenceLstm Of<T>(LstmLayer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(
            ReferenceArrays.Of(layer.InputWeights.Value),
            ReferenceArrays.Of(layer.RecurrentWeights.Value),
            ReferenceArrays.Of(layer.Bias.Value));

    /// <summary>Computes h and c of all steps from x [step, sequence, feature] and the H × B initial state.</summary>
    public ReferenceOutput Forward(double[,,] x, double[,] h0, double[,] c0)
    {
        int steps = x.GetLength(0);
        int batch = x.GetLength(1);
        (_x, _h0, _c0) = (x, h0, c0);
        _i = new double[steps, batch, _units];
        _f = new double[steps, batch, _units];
        _g = new double[steps, batch, _units];
        _o = new double[steps, batch, _units];
        _c = new double[steps, batch, _units];
        _h = new double[steps, batch, _units];
        for (int t = 0; t < steps; t++)
        {
            for (int s = 0; s < batch; s++)
            {
                for (int k = 0; k < _units; k++)
                {
                    _i[t, s, k] = Sigmoid(Preactivation(0, k, t, s));
                    _f[t, s, k] = Sigmoid(Preactivation(1, k, t, s));
                    _g[t, s, k] = Math.Tanh(Preactivation(2, k, t, s));
                    _o[t, s, k] = Sigmoid(Preactivation(3, k, t, s));
                    _c[t, s, k] = (_f[t, s, k] * PreviousCell(k, t, s)) + (_i[t, s, k] * _g[t, s, k]);
                    _h[t, s, k] = _o[t, s, k] * Math.Tanh(_c[t, s, k]);
                }
            }
        }

        return new ReferenceOutput(_h, ReferenceArrays.Step(_h, steps - 1), ReferenceArrays.Step(_c, steps - 1));
    }

    /// <summary>All gradients of a loss with the given gradients at every output and at the final state.</summary>
    public ReferenceGradients Backward(double[,,] dh, double[,] finalDh, double[,] finalDc)
    {
        int steps = dh.GetLength(0);
        int batch = dh.GetLength(1);
        var gradients = new ReferenceGradients(steps, batch, _inputs, _units);
        for (int s = 0; s < batch; s++)
        {
            double[] fromLaterHidden = ReferenceArrays.Column(finalDh, s);
            double[] fromLaterCell = ReferenceArrays.Column(finalDc, s);
            for (int t = steps - 1; t >= 0; t--)
            {
                double[] dz = new double[4 * _units];
                for (int k = 0; k < _units; k++)
                {
                    (double i, double f, double g, double o) = (_i[t, s, k], _f[t, s, k], _g[t, s, k], _o[t, s, k]);
                    double tanh = Math.Tanh(_c[t, s, k]);
                    double hidden = dh[t, s, k] + fromLaterHidden[k];
                    double cell = fromLaterCell[k] + (hidden * o * (1 - (tanh * tanh)));
                    dz[k] = cell * g * i * (1 - i);
                    dz[_units + k] = cell * PreviousCell(k, t, s) * f * (1 - f);
                    dz[(2 * _units) + k] = cell * i * (1 - (g * g));
                    dz[(3 * _units) + k] = hidden * tanh * o * (1 - o);
                    fromLaterCell[k] = cell * f;
                }

                AddWeightGradients(gradients, dz, t, s);
                for (int k = 0; k < _inputs; k++)
                {
                    gradients.Input[t, s, k] = ReferenceArrays.ColumnDot(w, k, dz);
                }

                for (int k = 0; k < _units; k++)
                {
                    fromLaterHidden[k] = ReferenceArrays.ColumnDot(u, k, dz);
                }
            }

            for (int k = 0; k < _units; k++)
            {
                gradients.InitialHidden[k, s] = fromLaterHidden[k];
                gradients.InitialCell[k, s] = fromLaterCell[k];
            }
        }

        return gradients;
    }

    /// <summary>σ by its definition; exp's overflow to infinity gives the right limit 0.</summary>
    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private double PreviousHidden(int k, int t, int s) => t == 0 ? _h0[k, s] : _h[t - 1, s, k];

    private double PreviousCell(int k, int t, int s) => t == 0 ? _c0[k, s] : _c[t - 1, s, k];

    private double Preactivation(int gate, int k, int t, int s)
    {
        int row = (gate * _units) + k;
        double z = bias[row, 0];
        for (int n = 0; n < _inputs; n++)
        {
            z += w[row, n] * _x[t, s, n];
        }

        for (int n = 0; n < _units; n++)
        {
            z += u[row, n] * PreviousHidden(n, t, s);
        }

        return z;
    }

    private void AddWeightGradients(ReferenceGradients gradients, double[] dz, int t, int s)
    {
        for (int row = 0; row < dz.Length; row++)
        {
            gradients.Bias[row, 0] += dz[row];
            for (int n = 0; n < _inputs; n++)
            {
                gradients.InputWeights[row, n] += dz[row] * _x[t, s, n];
            }

            for (int n = 0; n < _units; n++)
            {
                gradients.RecurrentWeights[row, n] += dz[row] * PreviousHidden(n, t, s);
            }
        }
    }
}

namespace Lstm.Tests.Reference;

/// <summary>y = W x + b at every step and its gradients, one number at a time. See <see cref="ReferenceLstm"/>.</summary>
/// <param name="w">W, outputs × inputs.</param>
/// <param name="bias">b, outputs × 1.</param>
internal sealed class ReferenceDense(double[,] w, double[,] bias)
{
    private readonly int _outputs = w.GetLength(0);
    private readonly int _inputs = w.GetLength(1);

    public double[,,] Forward(double[,,] x)
    {
        double[,,] y = new double[x.GetLength(0), x.GetLength(1), _outputs];
        for (int t = 0; t < x.GetLength(0); t++)
        {
            for (int s = 0; s < x.GetLength(1); s++)
            {
                for (int row = 0; row < _outputs; row++)
                {
                    y[t, s, row] = bias[row, 0];
                    for (int n = 0; n < _inputs; n++)
                    {
                        y[t, s, row] += w[row, n] * x[t, s, n];
                    }
                }
            }
        }

        return y;
    }

    /// <summary>∂W, ∂b and ∂x from ∂y.</summary>
    public (double[,] Weights, double[,] Bias, double[,,] Input) Backward(double[,,] x, double[,,] dy)
    {
        double[,] dw = new double[_outputs, _inputs];
        double[,] db = new double[_outputs, 1];
        double[,,] dx = new double[x.GetLength(0), x.GetLength(1), _inputs];
        for (int t = 0; t < x.GetLength(0); t++)
        {
            for (int s = 0; s < x.GetLength(1); s++)
            {
                for (int row = 0; row < _outputs; row++)
                {
                    db[row, 0] += dy[t, s, row];
                    for (int n = 0; n < _inputs; n++)
                    {
                        dw[row, n] += dy[t, s, row] * x[t, s, n];
                        dx[t, s, n] += w[row, n] * dy[t, s, row];
                    }
                }
            }
        }

        return (dw, db, dx);
    }
}

using System.Numerics;

namespace Lstm.Kernels;

/// <summary>The arithmetic of an LSTM over a whole batch of sequences.</summary>
internal static unsafe class LstmKernel
{
    /// <summary>Forward over all steps: (1) to (4). Scratch is 4H long.</summary>
    public static void Forward<T>(in LstmPass<T> pass, T* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int h = pass.HiddenUnits;
        Copy(pass.InitialHidden, pass.FinalHidden, pass.Batch * h);
        Copy(pass.InitialCell, pass.FinalCell, pass.Batch * h);
        for (int t = 0; t < pass.Steps; t++)
        {
            for (int b = 0; b < pass.Batch; b++)
            {
                long column = ((long)t * pass.Batch) + b;
                T* hidden = pass.FinalHidden + ((long)b * h);
                T* cell = pass.FinalCell + ((long)b * h);
                T* z = pass.Gates == null ? scratch : pass.Gates + (column * 4 * h);
                Copy(pass.Bias, z, 4 * h);
                Products.AddProduct(pass.InputWeights, pass.Input + (column * pass.Inputs), z, 4 * h, pass.Inputs);
                Products.AddProduct(pass.RecurrentWeights, hidden, z, 4 * h, h);                       // (1)
                for (int unit = 0; unit < h; unit++)
                {
                    T i = z[unit] = Sigmoid(z[unit]);                                                  // (2)
                    T f = z[h + unit] = Sigmoid(z[h + unit]);
                    T g = z[(2 * h) + unit] = T.Tanh(z[(2 * h) + unit]);
                    T o = z[(3 * h) + unit] = Sigmoid(z[(3 * h) + unit]);
                    cell[unit] = (f * cell[unit]) + (i * g);                                           // (3)
                    T tanh = T.Tanh(cell[unit]);
                    hidden[unit] = o * tanh;                                                           // (4)
                    pass.Output[(column * h) + unit] = hidden[unit];
                    if (pass.Cells != null)
                    {
                        pass.Cells[(column * h) + unit] = cell[unit];
                        pass.CellTanh[(column * h) + unit] = tanh;
                    }
                }
            }
        }
    }

    /// <summary>Backward over all steps, after <see cref="Forward"/> with a cache. The gates become δz.</summary>
    public static void Backward<T>(in LstmPass<T> pass, in LstmGradients<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int h = pass.HiddenUnits;
        int state = pass.Batch * h;
        CopyOrClear(gradients.FinalHidden, gradients.InitialHidden, state);
        CopyOrClear(gradients.FinalCell, gradients.InitialCell, state);
        T* hiddenGradient = gradients.InitialHidden;
        T* cellGradient = gradients.InitialCell;
        for (int t = pass.Steps - 1; t >= 0; t--)
        {
            long first = (long)t * state;
            T* previousCell = t == 0 ? pass.InitialCell : pass.Cells + first - state;
            T* z = pass.Gates + (4 * first);
            for (int b = 0; b < pass.Batch; b++, z += 4 * h)
            {
                for (int unit = 0; unit < h; unit++)
                {
                    int n = (b * h) + unit;
                    (T i, T f, T g, T o) = (z[unit], z[h + unit], z[(2 * h) + unit], z[(3 * h) + unit]);
                    T tanh = pass.CellTanh[first + n];
                    T dh = hiddenGradient[n] + gradients.Output[first + n];
                    T dc = cellGradient[n] + (dh * o * (T.One - (tanh * tanh)));
                    z[unit] = dc * g * i * (T.One - i);
                    z[h + unit] = dc * previousCell[n] * f * (T.One - f);
                    z[(2 * h) + unit] = dc * i * (T.One - (g * g));
                    z[(3 * h) + unit] = dh * tanh * o * (T.One - o);
                    cellGradient[n] = dc * f;
                }
            }

            T* dz = pass.Gates + (4 * first);
            T* previousHidden = t == 0 ? pass.InitialHidden : pass.Output + first - state;
            Products.MultiplyTransposed(pass.RecurrentWeights, dz, hiddenGradient, 4 * h, h, pass.Batch);
            Products.AddOuter(dz, previousHidden, gradients.RecurrentWeights, null, 4 * h, h, pass.Batch);
        }

        int columns = pass.Steps * pass.Batch;
        Products.AddOuter(pass.Gates, pass.Input, gradients.InputWeights, gradients.Bias, 4 * h, pass.Inputs, columns);
        Products.MultiplyTransposed(pass.InputWeights, pass.Gates, gradients.Input, 4 * h, pass.Inputs, columns);
    }

    private static T Sigmoid<T>(T x)
        where T : IBinaryFloatingPointIeee754<T>
    {
        T e = T.Exp(-T.Abs(x));
        return (T.IsNegative(x) ? e : T.One) / (T.One + e);
    }

    private static void Copy<T>(T* source, T* destination, int length)
        where T : unmanaged =>
        new ReadOnlySpan<T>(source, length).CopyTo(new Span<T>(destination, length));

    private static void CopyOrClear<T>(T* source, T* destination, int length)
        where T : unmanaged
    {
        if (source == null)
        {
            new Span<T>(destination, length).Clear();
        }
        else
        {
            Copy(source, destination, length);
        }
    }
}

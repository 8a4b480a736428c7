using System.Numerics;

namespace Lstm.Kernels;

/// <summary>Matrix products over column-major arrays, in the three forms that a layer and its gradients need.</summary>
internal static unsafe class Products
{
    /// <summary>Y = W X + b over N columns: W is M × K, X is K × N, b is M or null for zeros.</summary>
    public static void Multiply<T>(T* w, T* x, T* b, T* y, int m, int k, int n)
        where T : unmanaged, INumber<T>
    {
        for (int column = 0; column < n; column++)
        {
            T* result = y + ((long)column * m);
            for (int row = 0; row < m; row++)
            {
                result[row] = b == null ? T.Zero : b[row];
            }

            AddProduct(w, x + ((long)column * k), result, m, k);
        }
    }

    /// <summary>y += W x for one column.</summary>
    public static void AddProduct<T>(T* w, T* x, T* y, int m, int k)
        where T : unmanaged, INumber<T>
    {
        for (int inner = 0; inner < k; inner++)
        {
            for (int row = 0; row < m; row++)
            {
                y[row] += w[((long)inner * m) + row] * x[inner];
            }
        }
    }

    /// <summary>X = Wᵀ Y over N columns: W is M × K, Y is M × N.</summary>
    public static void MultiplyTransposed<T>(T* w, T* y, T* x, int m, int k, int n)
        where T : unmanaged, INumber<T>
    {
        for (int column = 0; column < n; column++)
        {
            for (int inner = 0; inner < k; inner++)
            {
                T sum = T.Zero;
                for (int row = 0; row < m; row++)
                {
                    sum += w[((long)inner * m) + row] * y[((long)column * m) + row];
                }

                x[((long)column * k) + inner] = sum;
            }
        }
    }

    /// <summary>W += Y Xᵀ over N columns, and b += Σ Y where b is not null: Y is M × N, X is K × N.</summary>
    public static void AddOuter<T>(T* y, T* x, T* w, T* b, int m, int k, int n)
        where T : unmanaged, INumber<T>
    {
        for (int column = 0; column < n; column++)
        {
            T* left = y + ((long)column * m);
            for (int inner = 0; inner < k; inner++)
            {
                for (int row = 0; row < m; row++)
                {
                    w[((long)inner * m) + row] += left[row] * x[((long)column * k) + inner];
                }
            }

            for (int row = 0; b != null && row < m; row++)
            {
                b[row] += left[row];
            }
        }
    }
}

using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Onnx.Operators;

/// <summary>Products of matrices.</summary>
internal static class MatrixOperators<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void AddTo(OperatorTable<T> table)
    {
        table.Add("MatMul", _ => inputs => [MatMul(inputs)]);
        table.Add("Gemm", Gemm);
    }

    /// <summary>The product of the last two dimensions, for each index of those before; a vector stands for one row or column.</summary>
    private static OnnxTensor<T> MatMul(Arguments<T> inputs)
    {
        (T[] a, T[] b) = (inputs.Numbers(0), inputs.Numbers(1));
        (int[] one, int[] other) = (inputs[0].Sizes, inputs[1].Sizes);
        if (one.Length == 0 || other.Length == 0)
        {
            throw inputs.Refuse("a single number is no matrix");
        }

        (bool row, bool column) = (one.Length == 1, other.Length == 1);
        one = row ? [1, .. one] : one;
        other = column ? [.. other, 1] : other;
        (int rows, int inner, int columns) = (one[^2], one[^1], other[^1]);
        if (other[^2] != inner)
        {
            throw inputs.Refuse($"{inner} columns do not go with {other[^2]} rows");
        }

        int[] batch = inputs.Shape(one.AsSpan(0, one.Length - 2), other.AsSpan(0, other.Length - 2));
        T[] product = inputs.Allocate<T>([.. batch, rows, columns]);
        int[] Strides(int[] shape)
        {
            int[] strides = Broadcast.Strides(shape.AsSpan(0, shape.Length - 2), batch.Length);
            return [.. strides.Select(stride => stride * shape[^2] * shape[^1]), 0];
        }

        if (product.Length > 0)
        {
            // The shape has a last dimension of its own, since a row is one product.
            var products = new Rows([.. batch, 1], Strides(one), Strides(other));
            int to = 0;
            do
            {
                Multiply(
                    a.AsSpan(products.First, rows * inner),
                    b.AsSpan(products.Second, inner * columns),
                    product.AsSpan(to, rows * columns),
                    inner,
                    columns);
                to += rows * columns;
            }
            while (products.Next());
        }

        int[] shape = [.. batch, .. row ? [] : new[] { rows }, .. column ? [] : new[] { columns }];
        return new OnnxTensor<T>(shape, product);
    }

    /// <summary>α A B + β C, with A and B transposed if so said.</summary>
    private static Kernel<T> Gemm(NodeReader node)
    {
        (bool transposeA, bool transposeB) = (node.Flag("transA"), node.Flag("transB"));
        T alpha = T.CreateTruncating(node.Number("alpha", 1));
        T beta = T.CreateTruncating(node.Number("beta", 1));
        node.Ignore("broadcast");
        return inputs =>
        {
            (T[] a, int rows, int inner) = Matrix(inputs, 0, transposeA);
            (T[] b, int innerB, int columns) = Matrix(inputs, 1, transposeB);
            if (innerB != inner)
            {
                throw inputs.Refuse($"{inner} columns do not go with {innerB} rows");
            }

            int[] shape = [rows, columns];
            T[] product = inputs.Allocate<T>(shape);
            Multiply(a, b, product, inner, columns);
            TensorPrimitives.Multiply(product, alpha, product);
            if (inputs.Optional(2) is { } c)
            {
                if (!inputs.Shape(shape, c.Sizes).AsSpan().SequenceEqual(shape))
                {
                    throw inputs.Refuse($"its input 2 does not go with {OnnxShape.Text(shape)}");
                }

                product = Broadcast.Apply(
                    inputs, shape, (product, shape), (inputs.Numbers(2), c.Sizes), (x, y) => x + (beta * y));
            }

            return [new OnnxTensor<T>(shape, product)];
        };
    }

    private static (T[] Elements, int Rows, int Columns) Matrix(Arguments<T> inputs, int n, bool transpose)
    {
        T[] elements = inputs.Numbers(n);
        if (inputs[n].Sizes is not [int rows, int columns])
        {
            throw inputs.Refuse($"its input {n} is no matrix");
        }

        return transpose
            ? (inputs.Strided(inputs[n], [columns, rows], 0, [1, columns]).Numbers, columns, rows)
            : (elements, rows, columns);
    }

    /// <summary>Adds up rows of the second matrix, each times an element of the first, which are of zeros to begin with.</summary>
    private static void Multiply(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> product, int inner, int columns)
    {
        for (int row = 0; row * columns < product.Length; row++)
        {
            Span<T> sum = product.Slice(row * columns, columns);
            for (int n = 0; n < inner; n++)
            {
                TensorPrimitives.MultiplyAdd(b.Slice(n * columns, columns), a[(row * inner) + n], sum, sum);
            }
        }
    }
}

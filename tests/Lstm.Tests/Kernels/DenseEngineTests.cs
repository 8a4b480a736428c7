using System.Numerics;
using Lstm.Kernels;
using Lstm.Tests.Support;

namespace Lstm.Tests.Kernels;

/// <summary>
/// The kernel of a fully connected layer at every width of vector that the processor has, with W as it is and transposed,
/// beside plain sums, over arrays that end where they must.
/// </summary>
public unsafe class DenseEngineTests
{
    private const int Cases = 40;

    public static TheoryData<int, bool> Widths
    {
        get
        {
            var widths = new TheoryData<int, bool>();
            foreach (int bits in new[] { 512, 256, 128, 0 })
            {
                widths.Add(bits, false);
                widths.Add(bits, true);
            }

            return widths;
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Train_WidthInFloat_EqualsSums(int bits, bool transposed) =>
        Property.ForAllShapes(shape => Train<float>(bits, transposed, shape), Cases);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Train_WidthInDouble_EqualsSums(int bits, bool transposed) =>
        Property.ForAllShapes(shape => Train<double>(bits, transposed, shape), Cases);

    private static void Train<T>(int bits, bool transposed, Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Seed);
        (int columns, int inputs, int outputs) = (shape.Steps * shape.Batch, shape.Inputs, shape.Units);
        T[] Draw(int length)
        {
            T[] values = new T[length];
            Support.Draw.Fill<T>(random, values);
            return values;
        }

        (T[] w, T[] b, T[] x, T[] dy) = (Draw(outputs * inputs), Draw(outputs), Draw(inputs * columns), Draw(outputs * columns));
        (T[] dw, T[] db) = (Draw(w.Length), Draw(b.Length));
        int At(int output, int input) => transposed ? (output * inputs) + input : (input * outputs) + output;
        double[] y = new double[outputs * columns];
        double[] dx = new double[inputs * columns];
        double[] sumW = [.. dw.Select(double.CreateChecked)];
        double[] sumB = [.. db.Select(double.CreateChecked)];
        for (int column = 0; column < columns; column++)
        {
            for (int output = 0; output < outputs; output++)
            {
                double gradient = double.CreateChecked(dy[(column * outputs) + output]);
                sumB[output] += gradient;
                y[(column * outputs) + output] = double.CreateChecked(b[output]);
                for (int input = 0; input < inputs; input++)
                {
                    double weight = double.CreateChecked(w[At(output, input)]);
                    double value = double.CreateChecked(x[(column * inputs) + input]);
                    y[(column * outputs) + output] += weight * value;
                    dx[(column * inputs) + input] += weight * gradient;
                    sumW[At(output, input)] += gradient * value;
                }
            }
        }

        Fenced<T>[] given = [new(w), new(b), new(x), new(dy)];
        (Fenced<T> fencedY, Fenced<T> fencedDx) = (new(y.Length), new(dx.Length));
        (Fenced<T> fencedDw, Fenced<T> fencedDb) = (new(dw), new(db));
        var pass = new DensePass<T>
        {
            Columns = columns,
            Inputs = inputs,
            Outputs = outputs,
            Weights = given[0].Pointer,
            Transposed = transposed,
            Bias = given[1].Pointer,
            Input = given[2].Pointer,
            Output = fencedY.Pointer,
        };
        var gradients = new DenseGradients<T>
        {
            Output = given[3].Pointer,
            Input = fencedDx.Pointer,
            Weights = fencedDw.Pointer,
            Bias = fencedDb.Pointer,
        };
        int threads = 1 + (shape.Seed % 3);
        DenseEngine<T> engine = DenseEngine<T>.Create(bits);
        engine.Forward(pass, threads);
        engine.Backward(pass, gradients, threads);

        given.Concat([fencedY, fencedDx, fencedDw, fencedDb]).Should().OnlyContain(
            array => array.IsIntact, "nothing is written outside of the arrays");
        Equal(fencedY, y, "output");
        Equal(fencedDx, dx, "input gradient");
        Equal(fencedDw, sumW, "gradient of W");
        Equal(fencedDb, sumB, "gradient of b");
    }

    private static void Equal<T>(Fenced<T> actual, double[] expected, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,,] shaped = new double[1, 1, expected.Length];
        Buffer.BlockCopy(expected, 0, shaped, 0, expected.Length * sizeof(double));
        Close.To(new Sequence<T>(1, 1, expected.Length, actual.Values), shaped, Tolerance.Rounding<T>(), what);
    }
}

using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm;

/// <summary>How the numbers of a weight matrix are drawn before training.</summary>
/// <remarks>
/// A matrix is written rows × columns = outputs × inputs. An LSTM's matrices stack four gates, so their rows are four
/// times the hidden units; <c>fan-out</c> counts all of them, as Keras does.
/// </remarks>
public abstract record Initializer
{
    private protected Initializer()
    {
    }

    /// <summary>
    /// Glorot and Bengio's uniform draw (2010), <c>U(−a, a)</c> with <c>a = √(6 / (fan-in + fan-out))</c>:
    /// Keras's default for input weights.
    /// </summary>
    public static Initializer GlorotUniform { get; } = new GlorotUniformInitializer();

    /// <summary>
    /// A random matrix with orthonormal columns (<c>QᵀQ = I</c>) or, where it is wider than high, orthonormal rows
    /// (Saxe, McClelland and Ganguli 2013): Keras's default for recurrent weights.
    /// </summary>
    public static Initializer Orthogonal { get; } = new OrthogonalInitializer();

    /// <summary><c>U(−1/√H, 1/√H)</c> with H the units of the layer: PyTorch's default for recurrent layers.</summary>
    public static Initializer InverseRoot { get; } = new InverseRootInitializer();

    /// <summary>All zeros.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>A uniform draw from a given range: <c>U(−range, range)</c>.</summary>
    /// <param name="range">The largest magnitude; finite, at least 0.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is negative, infinite or NaN.</exception>
    public static Initializer Uniform(double range)
    {
        Guard.InRange(range, 0, double.PositiveInfinity);
        return new UniformInitializer(range);
    }

    /// <summary>
    /// A draw from the normal distribution around 0: with a deviation of 1 PyTorch's default for embeddings, with 0.01 what
    /// courses begin with.
    /// </summary>
    /// <param name="deviation">The standard deviation; finite, at least 0.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is negative, infinite or NaN.</exception>
    public static Initializer Normal(double deviation)
    {
        Guard.InRange(deviation, 0, double.PositiveInfinity);
        return new NormalInitializer(deviation);
    }

    /// <summary>Every number the same.</summary>
    /// <param name="value">The number; finite.</param>
    /// <returns>The initializer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is infinite or NaN.</exception>
    public static Initializer Constant(double value)
    {
        Guard.InRange(value, double.NegativeInfinity, double.PositiveInfinity);
        return new ConstantInitializer(value);
    }

    /// <summary>Draws the numbers of a parameter.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameter">The parameter whose <see cref="Parameter{T}.Value"/> is filled.</param>
    /// <param name="units">H, the units of the layer.</param>
    /// <param name="random">The source of randomness; the draw follows only from it.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public void Fill<T>(Parameter<T> parameter, int units, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(random);
        Guard.Positive(units);
        if (this is ConstantInitializer constant)
        {
            parameter.ChangeValues().Fill(T.CreateTruncating(constant.Value));
            return;
        }

        double[] draw = new double[parameter.Count];
        Draw(draw, parameter.Rows, parameter.Columns, units, random);
        Span<T> values = parameter.ChangeValues();
        for (int n = 0; n < draw.Length; n++)
        {
            values[n] = T.CreateTruncating(draw[n]);
        }
    }

    /// <summary>Draws in double, so that float and double networks of one seed start from the same weights.</summary>
    private protected abstract void Draw(double[] values, int rows, int columns, int units, Random random);

    private static void DrawUniform(double[] values, double range, Random random)
    {
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = range * ((2 * random.NextDouble()) - 1);
        }
    }

    private static void DrawNormal(double[] values, Random random) =>
        MathNet.Numerics.Distributions.Normal.Samples(random, values, 0, 1);

    private sealed record UniformInitializer(double Range) : Initializer
    {
        public override string ToString() => $"uniform ±{Range}";

        private protected override void Draw(double[] values, int rows, int columns, int units, Random random) =>
            DrawUniform(values, Range, random);
    }

    private sealed record NormalInitializer(double Deviation) : Initializer
    {
        public override string ToString() => $"normal, deviation {Deviation}";

        private protected override void Draw(double[] values, int rows, int columns, int units, Random random)
        {
            DrawNormal(values, random);
            for (int n = 0; n < values.Length; n++)
            {
                values[n] *= Deviation;
            }
        }
    }

    private sealed record InverseRootInitializer : Initializer
    {
        public override string ToString() => "uniform ±1/√H";

        private protected override void Draw(double[] values, int rows, int columns, int units, Random random) =>
            DrawUniform(values, 1 / Math.Sqrt(units), random);
    }

    private sealed record GlorotUniformInitializer : Initializer
    {
        public override string ToString() => "Glorot uniform";

        private protected override void Draw(double[] values, int rows, int columns, int units, Random random) =>
            DrawUniform(values, Math.Sqrt(6.0 / (rows + columns)), random);
    }

    private sealed record ConstantInitializer(double Value) : Initializer
    {
        public override string ToString() => $"constant {Value}";

        private protected override void Draw(double[] values, int rows, int columns, int units, Random random) =>
            Array.Fill(values, Value);
    }

    private sealed record OrthogonalInitializer : Initializer
    {
        public override string ToString() => "orthogonal";

        private protected override void Draw(double[] values, int rows, int columns, int units, Random random)
        {
            bool wide = columns > rows;
            (int high, int low) = wide ? (columns, rows) : (rows, columns);
            DrawNormal(values, random);
            var qr = Matrix<double>.Build.Dense(high, low, (double[])values.Clone())
                .QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin);

            // Q alone is not uniform over the orthogonal matrices: the signs of R's diagonal make it so (Mezzadri 2007).
            Matrix<double> q = qr.Q;
            for (int column = 0; column < low; column++)
            {
                double sign = qr.R[column, column] < 0 ? -1 : 1;
                for (int row = 0; row < high; row++)
                {
                    int at = wide ? (row * rows) + column : (column * rows) + row;
                    values[at] = sign * q[row, column];
                }
            }
        }
    }
}

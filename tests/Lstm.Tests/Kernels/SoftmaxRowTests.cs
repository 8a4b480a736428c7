using System.Numerics;
using System.Runtime.Intrinsics;
using Lstm.Kernels;
using Lstm.Tests.Support;

namespace Lstm.Tests.Kernels;

/// <summary>The exponentials of a row and their sum at every width, beside <see cref="Math.Exp"/>, over arrays that end where they must.</summary>
public unsafe class SoftmaxRowTests
{
    /// <summary>Relative; some eight units in the last place, for exponentials within 2 of a difference that is rounded.</summary>
    private const double SingleDigits = 1e-6;
    private const double DoubleDigits = 2e-15;

    public static TheoryData<VectorWidth, int> Cases
    {
        get
        {
            var data = new TheoryData<VectorWidth, int>();
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                foreach (int count in new[] { 1, 3, 8, 16, 17, 64, 131, 1000 })
                {
                    data.Add(width, count);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_WidthInFloat_EqualsPlainExponentials(VectorWidth width, int count) =>
        Check<float>(width, count, SingleDigits);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_WidthInDouble_EqualsPlainExponentials(VectorWidth width, int count) =>
        Check<double>(width, count, DoubleDigits);

    private static void Check<T>(VectorWidth width, int count, double digits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] logits = new T[count];
        Draw.Fill<T>(new Random(count), logits);
        T maximum = logits.Max();
        double[] expected = [.. logits.Select(x => Math.Exp(double.CreateChecked(x) - double.CreateChecked(maximum)))];
        Fenced<T> given = new(logits);
        Fenced<T> exponentials = new(count);

        double sum = Run(width, given.Pointer, count, maximum, exponentials.Pointer, 1);

        sum.Should().BeApproximately(expected.Sum(), digits * expected.Sum());
        (given.IsIntact, exponentials.IsIntact).Should().Be((true, true), "nothing is written outside of the arrays");
        given.Values.Should().Equal(logits);
        for (int k = 0; k < count; k++)
        {
            double.CreateChecked(exponentials.Values[k]).Should().BeApproximately(expected[k], digits * expected[k]);
        }

        T* scratch = stackalloc T[Vector512<T>.Count];
        Run(width, given.Pointer, count, maximum, scratch, 0).Should().Be(sum, "the sum alone is the same sum");
        Run(width, given.Pointer, count, maximum, given.Pointer, 1).Should().Be(sum, "in place as well");
        given.Values.Should().Equal(exponentials.Values);
    }

    private static double Run<T>(VectorWidth width, T* x, int count, T maximum, T* e, nint stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => width switch
        {
            VectorWidth.Bits128 => SoftmaxRow<T, Vector128<T>, Simd128<T>>.Run(x, count, maximum, e, stride),
            VectorWidth.Bits256 => SoftmaxRow<T, Vector256<T>, Simd256<T>>.Run(x, count, maximum, e, stride),
            VectorWidth.Bits512 => SoftmaxRow<T, Vector512<T>, Simd512<T>>.Run(x, count, maximum, e, stride),
            _ => SoftmaxRow<T, T, SimdScalar<T>>.Run(x, count, maximum, e, stride),
        };
}

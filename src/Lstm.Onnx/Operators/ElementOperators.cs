using System.Numerics;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Operators;

/// <summary>Operators that work element by element.</summary>
internal static class ElementOperators<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T Half = T.CreateTruncating(0.5);

    public static void AddTo(OperatorTable<T> table)
    {
        table.Add("Identity", _ => inputs => [inputs[0]]);
        table.Add("Dropout", Dropout);
        table.Add("Cast", Cast);
        Unary(table, "Tanh", T.Tanh);
        Unary(table, "Sigmoid", Sigmoid);
        Unary(table, "Relu", x => T.Max(x, T.Zero));
        Unary(table, "Exp", T.Exp);
        Unary(table, "Log", T.Log);
        Unary(table, "Sqrt", T.Sqrt);
        Unary(table, "Softsign", x => x / (T.One + T.Abs(x)));
        Unary(table, "Softplus", x => T.Max(x, T.Zero) + T.LogP1(T.Exp(-T.Abs(x))));
        Unary(table, "Neg", x => -x, x => unchecked(-x));
        Unary(table, "Abs", T.Abs, x => x < 0 ? unchecked(-x) : x);
        Unary(table, "LeakyRelu", 0.01f, (x, alpha) => x < T.Zero ? alpha * x : x);
        Unary(table, "ThresholdedRelu", 1, (x, alpha) => x > alpha ? x : T.Zero);
        Unary(table, "Elu", 1, (x, alpha) => x < T.Zero ? alpha * T.ExpM1(x) : x);
        table.Add("HardSigmoid", HardSigmoid);
        table.Add("Not", _ => inputs => [OnnxTensor<T>.FromIntegers(
            inputs[0].Sizes, Map(inputs, inputs.Integers(0), x => x == 0 ? 1L : 0))]);
        Binary(table, "Add", (x, y) => x + y, (x, y) => unchecked(x + y));
        Binary(table, "Sub", (x, y) => x - y, (x, y) => unchecked(x - y));
        Binary(table, "Mul", (x, y) => x * y, (x, y) => unchecked(x * y));
        Binary(table, "Div", (x, y) => x / y, Divide);
        Binary(table, "Min", T.Min, Math.Min, leastInputs: 1);
        Binary(table, "Max", T.Max, Math.Max, leastInputs: 1);
        table.Add("Pow", _ => inputs => [Power(inputs)]);
        Compare(table, "Equal", (x, y) => x == y, (x, y) => x == y);
        Compare(table, "Less", (x, y) => x < y, (x, y) => x < y);
        Compare(table, "Greater", (x, y) => x > y, (x, y) => x > y);
        table.Add("Where", _ => inputs => [Where(inputs)]);
    }

    /// <summary>σ(x) = ½ + ½ tanh(½ x), which does not overflow.</summary>
    private static T Sigmoid(T x) => Half + (Half * T.Tanh(Half * x));

    /// <summary>A quotient without its fraction; that by 0, which ONNX leaves open, is 0.</summary>
    private static long Divide(long x, long y) => y switch
    {
        0 => 0,
        -1 => unchecked(-x),
        _ => x / y,
    };

    private static void Unary(OperatorTable<T> table, string name, Func<T, T> number, Func<long, long>? integer = null) =>
        table.Add(name, _ => inputs => [integer is not null && inputs[0].IsInteger
            ? OnnxTensor<T>.FromIntegers(inputs[0].Sizes, Map(inputs, inputs[0].Whole, integer))
            : new OnnxTensor<T>(inputs[0].Sizes, Map(inputs, inputs.Numbers(0), number))]);

    private static void Unary(OperatorTable<T> table, string name, float otherwise, Func<T, T, T> function) =>
        table.Add(name, node =>
        {
            T alpha = T.CreateTruncating(node.Number("alpha", otherwise));
            return inputs => [new OnnxTensor<T>(inputs[0].Sizes, Map(inputs, inputs.Numbers(0), x => function(x, alpha)))];
        });

    private static Kernel<T> HardSigmoid(NodeReader node)
    {
        T alpha = T.CreateTruncating(node.Number("alpha", 0.2f));
        T beta = T.CreateTruncating(node.Number("beta", 0.5f));
        return inputs => [new OnnxTensor<T>(
            inputs[0].Sizes, Map(inputs, inputs.Numbers(0), x => T.Clamp((alpha * x) + beta, T.Zero, T.One)))];
    }

    /// <summary>In inference nothing is dropped. The mask, if it is asked for, is all ones.</summary>
    private static Kernel<T> Dropout(NodeReader node)
    {
        node.Ignore("seed", "ratio");
        return inputs => inputs.Optional(2) is { IsInteger: true, Count: 1 } training && training.Integers[0] != 0
            ? throw inputs.Refuse("it is in training mode")
            : inputs.Outputs < 2
                ? [inputs[0]]
                : [inputs[0], OnnxTensor<T>.FromIntegers(inputs[0].Sizes, Map(inputs, inputs.Numbers(0), _ => 1L))];
    }

    private static Kernel<T> Cast(NodeReader node)
    {
        var kind = (ElementKind)node.Integer("to", 0);
        node.Ignore("saturate");
        return kind switch
        {
            ElementKind.Float or ElementKind.Double or ElementKind.Float16 or ElementKind.BFloat16 => inputs =>
                [inputs[0].IsInteger
                    ? new OnnxTensor<T>(inputs[0].Sizes, Map(inputs, inputs[0].Whole, T.CreateTruncating))
                    : inputs[0]],
            ElementKind.Int64 or ElementKind.Int32 => inputs =>
                [inputs[0].IsInteger
                    ? inputs[0]
                    : OnnxTensor<T>.FromIntegers(inputs[0].Sizes, Map(inputs, inputs[0].Numbers, ToInteger))],
            ElementKind.Bool => inputs => [OnnxTensor<T>.FromIntegers(
                inputs[0].Sizes,
                inputs[0].IsInteger
                    ? Map(inputs, inputs[0].Whole, x => x != 0 ? 1L : 0)
                    : Map(inputs, inputs[0].Numbers, x => x != T.Zero ? 1L : 0))],
            _ => throw node.Refuse($"its type {(int)kind} is not supported"),
        };

        static long ToInteger(T x) => long.CreateSaturating(x);
    }

    private static void Binary(
        OperatorTable<T> table, string name, Func<T, T, T> number, Func<long, long, long> integer, int leastInputs = 2) =>
        table.Add(name, _ => inputs =>
        {
            OnnxTensor<T> result = inputs[0];
            for (int n = 1; n < Math.Max(inputs.Count, leastInputs); n++)
            {
                int[] shape = inputs.Shape(result.Sizes, inputs[n].Sizes);
                result = result.IsInteger
                    ? OnnxTensor<T>.FromIntegers(shape, Broadcast.Apply(
                        inputs, shape, (result.Whole, result.Sizes), (inputs.Integers(n), inputs[n].Sizes), integer))
                    : new OnnxTensor<T>(shape, Broadcast.Apply(
                        inputs, shape, (result.Numbers, result.Sizes), (inputs.Numbers(n), inputs[n].Sizes), number));
            }

            return [result];
        });

    /// <summary>The result is of the kind of the base, whatever the exponent is.</summary>
    private static OnnxTensor<T> Power(Arguments<T> inputs)
    {
        (OnnxTensor<T> x, OnnxTensor<T> y) = (inputs[0], inputs[1]);
        int[] shape = inputs.Shape(x.Sizes, y.Sizes);
        T[] Real(OnnxTensor<T> tensor) => tensor.IsInteger ? Map(inputs, tensor.Whole, T.CreateTruncating) : tensor.Numbers;
        T[] power = Broadcast.Apply(inputs, shape, (Real(x), x.Sizes), (Real(y), y.Sizes), T.Pow);
        return x.IsInteger
            ? OnnxTensor<T>.FromIntegers(shape, Map(inputs, power, long.CreateSaturating))
            : new OnnxTensor<T>(shape, power);
    }

    private static void Compare(
        OperatorTable<T> table, string name, Func<T, T, bool> number, Func<long, long, bool> integer) =>
        table.Add(name, _ => inputs =>
        {
            (OnnxTensor<T> first, OnnxTensor<T> second) = (inputs[0], inputs[1]);
            int[] shape = inputs.Shape(first.Sizes, second.Sizes);
            return [OnnxTensor<T>.FromIntegers(shape, first.IsInteger
                ? Broadcast.Apply(
                    inputs, shape, (first.Whole, first.Sizes), (inputs.Integers(1), second.Sizes), (x, y) => integer(x, y) ? 1L : 0)
                : Broadcast.Apply(
                    inputs, shape, (first.Numbers, first.Sizes), (inputs.Numbers(1), second.Sizes), (x, y) => number(x, y) ? 1L : 0))];
        });

    private static OnnxTensor<T> Where(Arguments<T> inputs)
    {
        (OnnxTensor<T> first, OnnxTensor<T> second) = (inputs[1], inputs[2]);
        int[] shape = inputs.Shape(inputs.Shape(inputs[0].Sizes, first.Sizes), second.Sizes);
        OnnxTensor<T> Expand(OnnxTensor<T> tensor) =>
            inputs.Strided(tensor, shape, 0, Broadcast.Strides(tensor.Sizes, shape.Length));
        if (!inputs[0].IsInteger || first.IsInteger != second.IsInteger)
        {
            throw inputs.Refuse("it mixes integers and numbers");
        }

        (OnnxTensor<T> condition, OnnxTensor<T> yes, OnnxTensor<T> no) = (Expand(inputs[0]), Expand(first), Expand(second));
        return inputs.Joined(yes, shape, Enumerable.Range(0, condition.Count).Select(
            n => (condition.Whole[n] != 0 ? yes : no, n, 1)));
    }

    private static TResult[] Map<TElement, TResult>(
        Arguments<T> inputs, TElement[] elements, Func<TElement, TResult> function)
    {
        TResult[] result = inputs.Allocate<TResult>([elements.Length]);
        for (int n = 0; n < elements.Length; n++)
        {
            result[n] = function(elements[n]);
        }

        return result;
    }
}

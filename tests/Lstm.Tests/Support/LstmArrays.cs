using System.Numerics;
using Lstm.Kernels;
using Lstm.Layers;
using Lstm.Tests.Reference;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Support;

/// <summary>All arrays that the kernels of an LSTM take, each fenced in.</summary>
internal sealed unsafe class LstmArrays<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LstmCase<T> _given;
    private readonly Fenced<T> _w;
    private readonly Fenced<T> _u;
    private readonly Fenced<T> _b;
    private readonly Fenced<T> _x;
    private readonly Fenced<T> _y;
    private readonly Fenced<T> _h0;
    private readonly Fenced<T> _c0;
    private readonly Fenced<T> _h;
    private readonly Fenced<T> _c;
    private readonly Fenced<T> _dy;
    private readonly Fenced<T> _dh;
    private readonly Fenced<T> _dc;
    private readonly Fenced<T> _dx;
    private readonly Fenced<T> _dh0;
    private readonly Fenced<T> _dc0;
    private readonly Fenced<T> _dw;
    private readonly Fenced<T> _du;
    private readonly Fenced<T> _db;

    public LstmArrays(LstmCase<T> given)
    {
        _given = given;
        LstmLayer<T> layer = given.Layer;
        int state = given.InitialState.Parts[0].Values.Length;
        (_w, _u, _b) = (new(layer.InputWeights.Values), new(layer.RecurrentWeights.Values), new(layer.Bias.Values));
        (_x, _y) = (new(given.Input.Values), new(given.OutputGradient.Values.Length));
        (_h0, _c0) = (new(given.InitialState.Parts[0].Values), new(given.InitialState.Parts[1].Values));
        (_h, _c) = (new(state), new(state));
        _dy = new(given.OutputGradient.Values);
        (_dh, _dc) = (new(given.FinalStateGradient.Parts[0].Values), new(given.FinalStateGradient.Parts[1].Values));
        (_dx, _dh0, _dc0) = (new(given.Input.Values.Length), new(state), new(state));
        (_dw, _du, _db) = (new(layer.InputWeights.Gradients), new(layer.RecurrentWeights.Gradients), new(layer.Bias.Gradients));
    }

    public LstmPass<T> Pass => new()
    {
        Steps = _given.Input.Steps,
        Batch = _given.Input.Batch,
        Inputs = _given.Layer.Inputs,
        HiddenUnits = _given.Layer.HiddenUnits,
        InputWeights = _w.Pointer,
        RecurrentWeights = _u.Pointer,
        Bias = _b.Pointer,
        Input = _x.Pointer,
        Output = _y.Pointer,
        InitialHidden = _h0.Pointer,
        InitialCell = _c0.Pointer,
        FinalHidden = _h.Pointer,
        FinalCell = _c.Pointer,
    };

    public LstmGradients<T> Gradients => new()
    {
        Output = _dy.Pointer,
        FinalHidden = _dh.Pointer,
        FinalCell = _dc.Pointer,
        Input = _dx.Pointer,
        InitialHidden = _dh0.Pointer,
        InitialCell = _dc0.Pointer,
        InputWeights = _dw.Pointer,
        RecurrentWeights = _du.Pointer,
        Bias = _db.Pointer,
    };

    public bool IsIntact => new[] { _w, _u, _b, _x, _y, _h0, _c0, _h, _c, _dy, _dh, _dc, _dx, _dh0, _dc0, _dw, _du, _db }
        .All(array => array.IsIntact);

    public static ReferenceOutput Reference(ReferenceLstm reference, LstmCase<T> given) => reference.Forward(
        ReferenceArrays.Of(given.Input),
        ReferenceArrays.Of(given.InitialState.Hidden),
        ReferenceArrays.Of(given.InitialState.Cell));

    public void EqualsOutput(ReferenceOutput expected)
    {
        Close.To(Sequence(_y, _given.Layer.HiddenUnits), expected.Output, Tolerance.Rounding<T>(), "output");
        CloseTo(_h, expected.FinalHidden, "final hidden state");
        CloseTo(_c, expected.FinalCell, "final cell state");
    }

    public void EqualsGradients(ReferenceGradients expected)
    {
        Close.To(Sequence(_dx, _given.Layer.Inputs), expected.Input, Tolerance.Rounding<T>(), "input gradient");
        CloseTo(_dw, expected.InputWeights, "gradient of W");
        CloseTo(_du, expected.RecurrentWeights, "gradient of U");
        CloseTo(_db, expected.Bias, "gradient of b");
        CloseTo(_dh0, expected.InitialHidden, "gradient of h0");
        CloseTo(_dc0, expected.InitialCell, "gradient of c0");
    }

    private static void CloseTo(Fenced<T> actual, double[,] expected, string what) => Close.To(
        Matrix<T>.Build.Dense(expected.GetLength(0), expected.GetLength(1), actual.Values),
        expected,
        Tolerance.Rounding<T>(),
        what);

    private Sequence<T> Sequence(Fenced<T> array, int features) =>
        new(_given.Input.Steps, _given.Input.Batch, features, array.Values);
}

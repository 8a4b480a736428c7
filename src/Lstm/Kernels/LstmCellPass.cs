namespace Lstm.Kernels;

/// <summary>The settings of LSTM cells, and the arrays of their own parameters.</summary>
internal unsafe struct LstmCellPass<T>
    where T : unmanaged
{
    /// <summary>Whether f = 1 − i: the gates are then i, g, o.</summary>
    public bool Coupled;

    /// <summary>b, or null.</summary>
    public T* Bias;

    public T* BiasGradient;

    /// <summary>p of i, f and o, or of i and o: H numbers each. Null for none.</summary>
    public T* Peepholes;

    public T* PeepholeGradient;

    /// <summary>γ of all gates; null for no layer normalisation.</summary>
    public T* Gain;

    public T* GainGradient;

    /// <summary>ε of layer normalisation.</summary>
    public double Epsilon;

    /// <summary>The limit of c; 0 for none.</summary>
    public double CellClip;

    /// <summary>The limit of z; 0 for none.</summary>
    public double GateClip;

    /// <summary>The function of i, f and o.</summary>
    public ActivationFunction Gate;

    /// <summary>The function of g.</summary>
    public ActivationFunction Candidate;

    /// <summary>The function of c on its way to h.</summary>
    public ActivationFunction Output;

    /// <summary>P, R × H; null for none.</summary>
    public T* Projection;

    public T* ProjectionGradient;

    /// <summary>The probability that a number of c stays as it was.</summary>
    public double CellZoneout;

    /// <summary>The probability that a number of h stays as it was.</summary>
    public double HiddenZoneout;
}

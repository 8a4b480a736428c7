using System.Numerics;

namespace Lstm.Layers;

/// <summary>A layer around another one, whose parameters, state and threads are that one's.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class WrapperLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected WrapperLayer(Layer<T> inner)
        : base(Guard.NotNull(inner).Inputs, inner.Outputs, inner.Parameters) => Inner = inner;

    /// <summary>The layer within. Train it only through the wrapper.</summary>
    public Layer<T> Inner { get; }

    /// <inheritdoc/>
    public override bool IsCausal => Inner.IsCausal;

    /// <inheritdoc/>
    public override bool GivesOneStep => Inner.GivesOneStep;

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => Inner.MaskSupport == MaskSupport.None ? MaskSupport.None : MaskSupport.Full;

    /// <inheritdoc/>
    public override int Threads
    {
        get => Inner.Threads;
        set => Inner.Threads = value;
    }

    /// <inheritdoc/>
    public override LayerState<T> CreateState(int batch) => Inner.CreateState(batch);

    /// <inheritdoc/>
    public override void SaveTraining(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Inner.SaveTraining(snapshot.Part("inner."));
    }

    /// <inheritdoc/>
    public override void RestoreTraining(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Inner.RestoreTraining(snapshot.Part("inner."));
    }

    /// <summary>Says what the layer is, and around which one.</summary>
    /// <returns>For example <c>ReverseLayer of LstmLayer&lt;Single&gt; 32 → 27, 6480 parameters</c>.</returns>
    public override string ToString() => $"{GetType().Name.Split('`')[0]} of {Inner}";

    internal override bool CarriesState => Inner.CarriesState;

    internal override void Start(LayerState<T> state) => Inner.Start(state);

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<T> input, StepMask? mask) =>
        Inner.CheckValues(input, mask);
}

using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Peers;

/// <summary>An implementation of the LSTM that is measured beside the others.</summary>
internal interface IContender
{
    /// <summary>The name in the lines and tables.</summary>
    string Name { get; }

    /// <summary>All steps of the batch: inference, and training if it can train.</summary>
    Times Pass(Shape shape, Effort effort);

    /// <summary>One step of the batch, its state kept from step to step.</summary>
    Times Step(Shape shape, Effort effort);
}

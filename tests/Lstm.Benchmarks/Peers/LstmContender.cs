using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Peers;

/// <summary>This library.</summary>
internal sealed class LstmContender(int threads) : IContender
{
    private readonly LstmTimer _timer = new(typeof(float), threads);

    public string Name => "lstm";

    public Times Pass(Shape shape, Effort effort) => _timer.PassTimes(shape, effort);

    public Times Step(Shape shape, Effort effort) => _timer.StepTimes(shape, effort);
}

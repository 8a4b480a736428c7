namespace Lstm.Benchmarks.Measuring;

/// <summary>Measures this library's layer for one element type and number of threads.</summary>
internal sealed class LstmTimer(Type element, int threads)
{
    public (Measurement Inference, Measurement Training) Pass(Shape shape, Effort effort, Variant? variant = null)
    {
        LstmWork work = LstmWork.Create(element, shape, threads, variant);
        return (effort.Measure(work.Infer), effort.Measure(work.Train));
    }

    /// <summary>Like <see cref="Pass"/>, the times alone.</summary>
    public Times PassTimes(Shape shape, Effort effort)
    {
        (Measurement inference, Measurement training) = Pass(shape, effort);
        return new Times(inference.Milliseconds, training.Milliseconds);
    }

    /// <summary>One step of the batch, its state kept from step to step.</summary>
    public Times StepTimes(Shape shape, Effort effort)
    {
        LstmWork work = LstmWork.Create(element, shape, threads);
        return new Times(effort.Measure(work.Stream).Milliseconds / LstmWork.StreamSteps, null);
    }
}

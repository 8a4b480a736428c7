using Lstm;

namespace Classification;

/// <summary>Sequences for a run without a file: waves of three shapes, of any length, phase and frequency, in noise.</summary>
public static class MadeSequences
{
    private const double Noise = 0.5;
    private static readonly string[] Shapes = ["sine", "square", "sawtooth"];

    /// <summary>Makes sequences of 20 to 60 steps, the shapes by turns.</summary>
    public static LabelledSequences Make(string name, int count, Random random)
    {
        var sequences = new List<Sequence<float>>(count);
        var labels = new List<string>(count);
        for (int n = 0; n < count; n++)
        {
            string shape = Shapes[n % Shapes.Length];
            var sequence = new Sequence<float>(random.Next(20, 61), 1, 1);
            double phase = random.NextDouble();
            double frequency = 0.05 + (0.1 * random.NextDouble());
            for (int t = 0; t < sequence.Steps; t++)
            {
                sequence[t, 0, 0] = (float)(Wave(shape, (phase + (frequency * t)) % 1) + (Noise * (random.NextDouble() - random.NextDouble())));
            }

            sequences.Add(sequence);
            labels.Add(shape);
        }

        return new LabelledSequences(name, 1, sequences, labels, []);
    }

    private static double Wave(string shape, double turn) => shape switch
    {
        "sine" => Math.Sin(2 * Math.PI * turn),
        "square" => turn < 0.5 ? 1 : -1,
        _ => (2 * turn) - 1,
    };
}

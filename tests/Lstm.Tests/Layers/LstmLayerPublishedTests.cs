using Lstm.Layers;
using Lstm.Losses;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Layers;

/// <summary>Numbers that other projects publish in their own tests.</summary>
public class LstmLayerPublishedTests
{
    /// <summary>The expected values were printed with eight digits after the point.</summary>
    private const double Cs231nDigits = 1e-8;

    /// <summary>The expected loss was printed with eleven digits after the point.</summary>
    private const double Cs231nLossDigits = 1e-10;

    /// <summary>The expected values have four digits after the point; PyTorch's own test allows 1e-3.</summary>
    private const double PyTorchDigits = 1e-4;

    /// <summary>Keras's own tolerance; it computes in float.</summary>
    private const double KerasTolerance = 1e-5;

    /// <summary>
    /// CS231n, assignment 3, LSTM_Captioning.ipynb, "LSTM: step forward": N = 3, D = 4, H = 5.
    /// </summary>
    [Fact]
    public void Forward_Cs231nStep_GivesPublishedState()
    {
        LstmLayer<double> layer = Cs231n.Layer(
            4, 5, Cs231n.Linspace(-2.1, 1.3, 4 * 20), Cs231n.Linspace(-0.7, 2.2, 5 * 20), Cs231n.Linspace(0.3, 0.7, 20));
        var input = new Sequence<double>(1, 3, 4, Cs231n.Linspace(-0.4, 1.2, 12));
        var state = new LstmState<double>(
            Matrix<double>.Build.Dense(5, 3, Cs231n.Linspace(-0.3, 0.7, 15)),
            Matrix<double>.Build.Dense(5, 3, Cs231n.Linspace(-0.4, 0.9, 15)));

        layer.Forward(input, state);

        Close.Within(
            layer.FinalState.Hidden.ToColumnMajorArray(),
            [
                0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904,
                0.49223563, 0.55611431, 0.61507696, 0.66844003, 0.7159181,
                0.56735664, 0.66310127, 0.74419266, 0.80889665, 0.858299,
            ],
            Cs231nDigits);
        Close.Within(
            layer.FinalState.Cell.ToColumnMajorArray(),
            [
                0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407,
                0.66382255, 0.76674007, 0.87195994, 0.97902709, 1.08751345,
                0.74192008, 0.90592151, 1.07717006, 1.25120233, 1.42395676,
            ],
            Cs231nDigits);
    }

    /// <summary>CS231n, assignment 3, LSTM_Captioning.ipynb, "LSTM: forward": N = 2, D = 5, H = 4, T = 3.</summary>
    [Fact]
    public void Forward_Cs231nSequence_GivesPublishedOutput()
    {
        LstmLayer<double> layer = Cs231n.Layer(
            5, 4, Cs231n.Linspace(-0.2, 0.9, 5 * 16), Cs231n.Linspace(-0.3, 0.6, 4 * 16), Cs231n.Linspace(0.2, 0.7, 16));
        Sequence<double> input = Cs231n.BatchFirst(2, 3, 5, Cs231n.Linspace(-0.4, 0.6, 30));
        var state = new LstmState<double>(
            Matrix<double>.Build.Dense(4, 2, Cs231n.Linspace(-0.4, 0.8, 8)), Matrix<double>.Build.Dense(4, 2));

        Sequence<double> output = layer.Forward(input, state);

        Sequence<double> expected = Cs231n.BatchFirst(
            2,
            3,
            4,
            [
                0.01764008, 0.01823233, 0.01882671, 0.0194232,
                0.11287491, 0.12146228, 0.13018446, 0.13902939,
                0.31358768, 0.33338627, 0.35304453, 0.37250975,
                0.45767879, 0.4761092, 0.4936887, 0.51041945,
                0.6704845, 0.69350089, 0.71486014, 0.7346449,
                0.81733511, 0.83677871, 0.85403753, 0.86935314,
            ]);
        Close.Within(output.Values.ToArray(), expected.Values.ToArray(), Cs231nDigits);
    }

    /// <summary>
    /// CS231n, assignment 3, LSTM_Captioning.ipynb, "LSTM captioning model": 10 images of 20 features, captions of 13 words
    /// of which 0 stands for none, word vectors of 30, 40 hidden units, 3 words; each parameter from −1.4 to 1.3.
    /// </summary>
    [Fact]
    public void Forward_Cs231nCaptioning_GivesPublishedLoss()
    {
        const int Images = 10;
        const int Features = 20;
        const int WordVector = 30;
        const int Units = 40;
        const int Words = 3;
        const int Length = 13;
        static double[] Parameter(int count) => Cs231n.Linspace(-1.4, 1.3, count);
        static int Caption(int image, int position) => ((image * Length) + position) % Words;

        // Their matrices are (inputs, outputs) in row-major order, which is (outputs, inputs) column by column.
        Matrix<double> projection = Matrix<double>.Build.Dense(Units, Features, Parameter(Features * Units));
        Matrix<double> features = Matrix<double>.Build.Dense(Features, Images, Cs231n.Linspace(-0.5, 1.7, Images * Features));
        Matrix<double> hidden = projection * features;
        for (int image = 0; image < Images; image++)
        {
            hidden.SetColumn(image, hidden.Column(image) + Vector<double>.Build.Dense(Parameter(Units)));
        }

        double[] vectors = Parameter(Words * WordVector);
        var input = new Sequence<double>(Length - 1, Images, WordVector);
        int[] next = new int[(Length - 1) * Images];
        for (int t = 0; t < Length - 1; t++)
        {
            for (int image = 0; image < Images; image++)
            {
                vectors.AsSpan(Caption(image, t) * WordVector, WordVector).CopyTo(input.At(t, image));
                next[(t * Images) + image] = Caption(image, t + 1);
            }
        }

        LstmLayer<double> lstm = Cs231n.Layer(
            WordVector, Units, Parameter(WordVector * 4 * Units), Parameter(Units * 4 * Units), Parameter(4 * Units));
        var scores = new DenseLayer<double>(Units, Words);
        Parameter(Units * Words).CopyTo(scores.Weights.Values);
        Parameter(Words).CopyTo(scores.Bias.Values);
        Sequence<double> logits = scores.Forward(
            lstm.Forward(input, new LstmState<double>(hidden, Matrix<double>.Build.Dense(Units, Images))));
        double loss = new SoftmaxCrossEntropy<double>(Reduction.Sum).Evaluate(
            logits, next, [.. next.Select(word => word == 0 ? 0.0 : 1.0)]) / Images;

        loss.Should().BeApproximately(9.82445935443, Cs231nLossDigits);
    }

    /// <summary>
    /// PyTorch, test/cpp/api/rnn.cpp, CheckOutputValuesMatchPyTorch: LSTM(2, 2), every parameter p[i] = i / numel, input
    /// (3, 4, 2) with x[i] = (24 − i) / 24, zero state.
    /// </summary>
    [Fact]
    public void Forward_PyTorchCppTest_GivesPublishedOutputAndState()
    {
        var layer = new LstmLayer<double>(2, 2);
        for (int row = 0; row < 8; row++)
        {
            for (int column = 0; column < 2; column++)
            {
                layer.InputWeights.Value[row, column] = ((2 * row) + column) / 16.0;
                layer.RecurrentWeights.Value[row, column] = ((2 * row) + column) / 16.0;
            }

            layer.Bias.Value[row, 0] = 2 * row / 8.0;
        }

        var input = new Sequence<double>(3, 4, 2, [.. Enumerable.Range(0, 24).Select(n => (24 - n) / 24.0)]);

        Sequence<double> output = layer.Forward(input);

        Close.Within(
            output.Values.ToArray(),
            [
                0.4391, 0.5402, 0.4330, 0.5324, 0.4261, 0.5239, 0.4183, 0.5147,
                0.6822, 0.8064, 0.6726, 0.7968, 0.6620, 0.7860, 0.6501, 0.7741,
                0.7889, 0.9003, 0.7769, 0.8905, 0.7635, 0.8794, 0.7484, 0.8666,
            ],
            PyTorchDigits);
        Close.Within(
            layer.FinalState.Hidden.ToColumnMajorArray(),
            [0.7889, 0.9003, 0.7769, 0.8905, 0.7635, 0.8794, 0.7484, 0.8666], PyTorchDigits);
        Close.Within(
            layer.FinalState.Cell.ToColumnMajorArray(),
            [1.1647, 1.6106, 1.1425, 1.5726, 1.1187, 1.5329, 1.0931, 1.4911], PyTorchDigits);
    }

    /// <summary>
    /// Keras, keras/src/layers/rnn/lstm_test.py at 3422977a, test_correctness: 3 units, kernel 0.01, recurrent kernel 0.02,
    /// bias 0.03 but 1 in the forget gate; the input is arange(72) as (batch 3, steps 6, features 4); the last output.
    /// </summary>
    [Fact]
    public void Forward_KerasCorrectness_GivesPublishedOutput()
    {
        var layer = new LstmLayer<float>(4, 3);
        layer.InputWeights.Values.Fill(0.01f);
        layer.RecurrentWeights.Values.Fill(0.02f);
        layer.Bias.Values.Fill(0.03f);
        layer.Bias.Values.Slice(3, 3).Fill(1);
        var input = new Sequence<float>(6, 3, 4);
        for (int n = 0; n < 72; n++)
        {
            input[n / 4 % 6, n / 24, n % 4] = n;
        }

        Sequence<float> output = layer.Forward(input);

        Close.Within(
            [.. output.Step(5).ToArray().Select(value => (double)value)],
            [
                0.6288687, 0.6288687, 0.6288687,
                0.86899155, 0.86899155, 0.86899155,
                0.9460773, 0.9460773, 0.9460773,
            ],
            KerasTolerance);
    }

    /// <summary>
    /// Keras, keras/src/layers/rnn/lstm_test.py at 3422977a, test_masking: 2 units, kernel 0.01, recurrent kernel 0.02, bias
    /// 0.03 but 1 in the forget gate; the input is arange(24) as (batch 2, steps 4, features 3), the mask
    /// [[1, 1, 1, 0], [1, 1, 0, 0]]; the last output.
    /// </summary>
    [Fact]
    public void Forward_KerasMasking_GivesPublishedOutput()
    {
        var layer = new LstmLayer<float>(3, 2);
        layer.InputWeights.Values.Fill(0.01f);
        layer.RecurrentWeights.Values.Fill(0.02f);
        layer.Bias.Values.Fill(0.03f);
        layer.Bias.Values.Slice(2, 2).Fill(1);
        var input = new Sequence<float>(4, 2, 3) { Mask = StepMask.FromLengths(4, 3, 2) };
        for (int n = 0; n < 24; n++)
        {
            input[n / 3 % 4, n / 12, n % 3] = n;
        }

        Sequence<float> output = new LastStepLayer<float>(2).Infer(layer.Forward(input));

        Close.Within(
            [.. output.Values.ToArray().Select(value => (double)value)],
            [0.11755939, 0.11755939, 0.28556206, 0.28556206],
            KerasTolerance);
    }
}

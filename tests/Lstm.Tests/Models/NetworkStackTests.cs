using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

public class NetworkStackTests
{
    [Fact]
    public void Stack_Defaults_IsTwoLayersOfDistinctWeights()
    {
        Network<float> stack = Network.Stack<float>(inputs: 3, hiddenUnits: 4, seed: 1);
        Kinds(stack).Should().Equal("LstmLayer 3 → 4", "LstmLayer 4 → 4");
        Network<float> same = Network.Stack<float>(3, 4, seed: 1);
        Bits.OfValues(stack).Should().Equal(Bits.OfValues(same));
        Bits.OfValues(stack).Should().NotEqual(Bits.OfValues(Network.Stack<float>(3, 4, seed: 2)));
        var lower = (LstmLayer<float>)stack.Layers[0];
        var upper = (LstmLayer<float>)stack.Layers[1];
        lower.RecurrentWeights.Values.ToArray().Should().NotEqual(upper.RecurrentWeights.Values.ToArray());
        upper.Options.ForgetBias.Should().Be(new LstmOptions().ForgetBias);
        var options = new LstmOptions { ForgetBias = 3 };
        ((LstmLayer<float>)Network.Stack<float>(3, 4, lstm: options).Layers[1]).Options.Should().Be(options);
    }

    [Fact]
    public void Stack_EachOption_IsBuiltIn()
    {
        Kinds(Network.Stack<float>(3, 4, new StackOptions { Layers = 3, Dropout = 0.5 })).Should().Equal(
            "LstmLayer 3 → 4", "DropoutLayer 4 → 4", "LstmLayer 4 → 4", "DropoutLayer 4 → 4", "LstmLayer 4 → 4");
        Kinds(Network.Stack<float>(3, 4, new StackOptions { Residual = true })).Should().Equal(
            "LstmLayer 3 → 4", "ResidualLayer 4 → 4");
        Kinds(Network.Stack<float>(4, 4, new StackOptions { Layers = 1, Residual = true })).Should().Equal("ResidualLayer 4 → 4");
        Kinds(Network.Stack<float>(3, 4, new StackOptions { Bidirectional = true, LastStepOnly = true })).Should().Equal(
            "BidirectionalLayer 3 → 8", "BidirectionalLayer 8 → 8", "LastStepLayer 8 → 8");
    }

    [Fact]
    public void Stack_Dropout_DropsOtherNumbersInEachLayer()
    {
        Network<float> stack = Network.Stack<float>(3, 40, new StackOptions { Layers = 3, Dropout = 0.5 }, seed: 1);
        float[][] dropped =
        [
            .. stack.Layers.OfType<DropoutLayer<float>>().Select(layer =>
            {
                var ones = new Sequence<float>(1, 1, 40);
                ones.Values.Fill(1);
                return layer.Forward(ones).Values.ToArray();
            }),
        ];
        dropped.Should().HaveCount(2);
        dropped[0].Should().NotEqual(dropped[1]);
    }

    [Fact]
    public void Backward_EverythingOn_EqualsFiniteDifferences()
    {
        var random = new Random(1);
        var options = new StackOptions { Layers = 3, Dropout = 0.3, Residual = true, Bidirectional = true };
        Network<double> stack = Network.Stack<double>(3, 2, options, seed: 1);
        foreach (DropoutLayer<double> dropout in stack.Layers.OfType<DropoutLayer<double>>())
        {
            dropout.Repeat = true;
        }

        Draw.Parameters(random, stack);
        Sequence<double> input = Draw.Sequence<double>(random, 4, 3, 3);
        input.Mask = StepMask.FromLengths(4, 2, 4, 1);
        GradientReport report = GradientCheck.Run(stack, input, Draw.State(random, stack, 3));
        report.Passed.Should().BeTrue(report.ToString());
    }

    [Fact]
    public void Stack_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new StackOptions { Layers = 0 }, "Layers", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new StackOptions { Dropout = 1 }, "Dropout", "at least 0 and below 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => Network.Stack<float>(0, 4), "inputs", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => Network.Stack<float>(3, 0), "hiddenUnits", "at least 1", "0");
        Refusal.Of<ArgumentNullException>(() => Network.Stack<float>(3, null!), "create");
        Refusal.Of<ArgumentNullException>(() => Network.Stack<float>(3, _ => null!), "create");
        Refusal.Of<ArgumentException>(
            () => Network.Stack<float>(3, _ => new LstmLayer<float>(3, 4)), "create", "4 inputs", "LstmLayer<Single> 3 → 4");
    }

    private static string[] Kinds(Network<float> stack) =>
        [.. stack.Layers.Select(layer => $"{layer.GetType().Name.Split('`')[0]} {layer.Inputs} → {layer.Outputs}")];
}

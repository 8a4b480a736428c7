using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Goldens;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>
/// Stacks in one direction and in both, of sequences of one length and of several, beside PyTorch in float64; see
/// Goldens/torch_stack.py.
/// </summary>
public class StackTorchTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, TorchStack.Cases.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_TorchStack_GivesItsOutputStatesAndGradients(int number)
    {
        TorchStack golden = TorchStack.Cases[number];
        Network<double> network = golden.CreateNetwork();
        network.Layers.Should().HaveCount(golden.Layers);
        Sequence<double> input = TorchLstm.Sequence(golden.Input);
        input.Mask = golden.Lengths is null ? null : StepMask.FromLengths(input.Steps, golden.Lengths);
        LayerState<double> State(Func<TorchStack.Part, LstmState<double>> of) =>
            TorchStack.Fill(network.CreateState(input.Batch), golden.Lstms.Select(of));

        Sequence<double> output = network.Forward(input, State(part => part.CreateInitialState()));
        Close.To(output, TorchLstm.Sequence(golden.Output), "output");
        Close.To(network.FinalState, State(part => part.CreateFinalState()), "final state");

        Sequence<double> inputGradient =
            network.Backward(TorchLstm.Sequence(golden.OutputGradient), State(part => part.CreateFinalStateGradient()));
        Close.To(inputGradient, TorchLstm.Sequence(golden.InputGradient), "input gradient");
        Close.To(network.InitialStateGradient, State(part => part.CreateInitialStateGradient()), "gradient of the initial state");
        foreach ((Parameter<double> parameter, var gradient) in
            network.Parameters.Zip(golden.Lstms.SelectMany(part => part.CreateGradients())))
        {
            Close.To(parameter.Gradient, gradient, $"gradient of {parameter.Name}");
        }

        LayerState<double> state = State(part => part.CreateInitialState());
        Close.To(network.Infer(input, state), TorchLstm.Sequence(golden.Output), "inferred output");
        Close.To(state, State(part => part.CreateFinalState()), "inferred state");
    }
}

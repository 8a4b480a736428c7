using System.Globalization;

namespace Lstm.Interchange.Layers;

/// <summary>
/// What the tensors of a layer are called: <c>prefix.weight</c>, and of a recurrent one <c>prefix.weight_ih_l0</c> for level 0
/// of a stack, <c>prefix.weight_ih_l0_reverse</c> where it reads in reverse. These are PyTorch's names.
/// </summary>
internal readonly record struct TensorNames(string Prefix, int Level = 0, bool Reverse = false)
{
    public TensorNames Within(string name) => new($"{Prefix}{name}.");

    public string Of(string tensor, bool isRecurrent) => isRecurrent
        ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}{tensor}_l{Level}{(Reverse ? "_reverse" : string.Empty)}")
        : Prefix + tensor;
}

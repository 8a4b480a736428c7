using Lstm.Layers;

namespace Lstm.Onnx.Export;

/// <summary>What the options of an LSTM layer mean for a model that is only run.</summary>
internal static class LstmOptionsExtensions
{
    /// <summary>
    /// Whether a layer of these options computes, outside training, what one of the default options does with the same weights.
    /// </summary>
    public static bool IsPlainInInference(this LstmOptions options)
    {
        LstmOptions plain = new();

        // Of these nothing is left outside training, or nothing once the weights are there.
        LstmOptions rest = options with
        {
            InputInitializer = plain.InputInitializer,
            RecurrentInitializer = plain.RecurrentInitializer,
            ForgetBias = plain.ForgetBias,
            PeepholeInitializer = plain.PeepholeInitializer,
            ProjectionInitializer = plain.ProjectionInitializer,
            InputDropout = 0,
            RecurrentDropout = 0,
            DropoutPerGate = false,
            LookBack = null,
        };
        return rest == plain;
    }
}

namespace LanguageModel;

/// <summary>Settings that were published, by the names of the command line.</summary>
public static class Configurations
{
    // Before the table, which is made of it.
    private static Settings Zaremba { get; } = new()
    {
        Tokens = TokenUnit.Words,
        Vocabulary = 10_000,
        Layers = 2,
        Dropout = 0,
        Batch = 20,
        Optimizer = OptimizerKind.Sgd,
        LearningRate = 1,
        Decay = RateDecay.Divide,
        Clip = 5,
        ClipBy = ClipKind.Norm,
        Loss = LossKind.Sum,
    };

    /// <summary>The names, and what they set.</summary>
    public static IReadOnlyDictionary<string, Settings> ByName { get; } = new Dictionary<string, Settings>
    {
        // Zaremba, Sutskever and Vinyals 2014, "Recurrent neural network regularization", section 4.1: the network without
        // dropout, and the one of medium size with it, for the Penn Treebank of 10,000 words.
        ["zaremba-small"] = Zaremba with
        {
            Hidden = 200,
            Steps = 20,
            Epochs = 13,
            ConstantEpochs = 4,
            Divisor = 2,
            InitialRange = 0.1,
        },
        ["zaremba-medium"] = Zaremba with
        {
            Hidden = 650,
            Steps = 35,
            Epochs = 39,
            ConstantEpochs = 6,
            Divisor = 1.2,
            InitialRange = 0.05,
            Dropout = 0.5,
        },

        // The defaults of Karpathy's char-rnn (2015), whose input is one-hot. It cuts the elements of the summed gradient.
        ["char-rnn"] = new Settings
        {
            Tokens = TokenUnit.Characters,
            Hidden = 128,
            Layers = 2,
            Embedding = 0,
            Dropout = 0,
            Steps = 50,
            Batch = 50,
            Epochs = 50,
            Optimizer = OptimizerKind.RmsProp,
            LearningRate = 0.002,
            Decay = RateDecay.Divide,
            ConstantEpochs = 10,
            Divisor = 1 / 0.97,
            Clip = 5,
            ClipBy = ClipKind.Value,
            Loss = LossKind.Sum,
            InitialRange = 0.08,
            ForgetBias = 1,
        },
    };
}

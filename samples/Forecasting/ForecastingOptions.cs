using Lstm.Models;

namespace Forecasting;

/// <summary>What the command line sets, and what it is unless set.</summary>
public sealed record ForecastingOptions
{
    /// <summary>The CSV file; the airline series if null.</summary>
    public string? File { get; init; }

    /// <summary>The column to forecast; the last one if null.</summary>
    public string? Column { get; init; }

    /// <summary>The columns that are known in advance, for the steps to forecast as well.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];

    /// <summary>How the model is made.</summary>
    public SequenceForecasterOptions Model { get; init; } = new();

    /// <summary>The share of the series, from its start, that the model of the backtest learns from.</summary>
    public double Train { get; init; } = 2.0 / 3;

    /// <summary>The epochs; as the model has it by itself if null.</summary>
    public int? Epochs { get; init; }

    /// <summary>The learning rate of AdamW at the start, which falls along half a cosine to zero.</summary>
    public double LearningRate { get; init; } = 0.005;

    /// <summary>The most threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the picture of history, forecast and interval goes.</summary>
    public string Picture { get; init; } = "forecast.svg";

    /// <summary>Where the picture of the loss goes.</summary>
    public string LossPicture { get; init; } = "loss.svg";
}

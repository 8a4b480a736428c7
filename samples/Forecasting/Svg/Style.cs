namespace Forecasting.Svg;

/// <summary>The colours of a chart, each one for a light and one for a dark background.</summary>
public enum Style
{
    /// <summary>What was.</summary>
    History,

    /// <summary>What the model says.</summary>
    Forecast,

    /// <summary>What it is compared with.</summary>
    Other,
}

using System.Globalization;
using System.Xml;

namespace Forecasting.Svg;

/// <summary>
/// A picture of lines and areas over a common axis of steps, as SVG. Its colours follow the browser's setting for light or
/// dark pages.
/// </summary>
public sealed class Chart
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const int Width = 960;
    private const int Height = 480;
    private const int Left = 72;
    private const int Right = 24;
    private const int Top = 84;
    private const int Bottom = 56;

    /// <summary>The least distance of two labels on the horizontal axis.</summary>
    private const int LabelWidth = 90;

    private const string StyleSheet = """

            .paper { fill: #ffffff }
            text { fill: #24292f; font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 14px }
            .title { font-size: 18px; font-weight: 600 }
            .grid { stroke: #d8dee4; stroke-width: 1 }
            .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
            .history { stroke: #57606a }
            .forecast { stroke: #0969da }
            .other { stroke: #bc4c00 }
            .band { fill: #0969da; fill-opacity: 0.2; stroke: none }
            @media (prefers-color-scheme: dark) {
              .paper { fill: #0d1117 }
              text { fill: #e6edf3 }
              .grid { stroke: #30363d }
              .history { stroke: #9da7b3 }
              .forecast { stroke: #58a6ff }
              .other { stroke: #f0883e }
              .band { fill: #58a6ff; fill-opacity: 0.25 }
            }

        """;

    /// <summary>What stands above the picture.</summary>
    public required string Title { get; init; }

    /// <summary>What the horizontal axis is about.</summary>
    public required string Horizontal { get; init; }

    /// <summary>What the vertical axis is about.</summary>
    public required string Vertical { get; init; }

    /// <summary>The areas, behind the lines.</summary>
    public IReadOnlyList<Band> Bands { get; init; } = [];

    /// <summary>The lines; together with the areas at least one point.</summary>
    public required IReadOnlyList<Line> Lines { get; init; }

    /// <summary>What a place on the horizontal axis is called; its number unless set.</summary>
    public Func<int, string> Label { get; init; } = place => place.ToString(CultureInfo.InvariantCulture);

    /// <summary>The ticks of the horizontal axis are at multiples of this: 12 for months by the year. 1 unless set.</summary>
    public int Unit { get; init; } = 1;

    /// <summary>Writes the picture.</summary>
    public void Write(TextWriter output)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
        (int first, int last) = Places();
        double[] values =
        [
            .. Lines.SelectMany(line => line.Values),
            .. Bands.SelectMany(band => band.Lower.Concat(band.Upper)),
        ];
        var across = Scale.Whole(first, last, Left, Width - Right, Unit);
        var up = Scale.Round(values.Min(), values.Max(), Height - Bottom, Top);

        xml.WriteStartElement("svg", Namespace);
        xml.WriteAttributeString("viewBox", $"0 0 {Width} {Height}");
        xml.WriteAttributeString("width", $"{Width}");
        xml.WriteAttributeString("height", $"{Height}");
        xml.WriteAttributeString("role", "img");
        xml.WriteElementString("title", Namespace, Title);
        xml.WriteElementString("style", Namespace, StyleSheet);
        Element(xml, "rect", ("class", "paper"), ("width", $"{Width}"), ("height", $"{Height}"));
        Text(xml, Title, Left, 30, "title", "start");
        Axes(xml, across, up);
        foreach (Band band in Bands)
        {
            IEnumerable<string> lower = band.Lower.Select((value, n) => Point(across, up, band.First + n, value));
            IEnumerable<string> upper = band.Upper.Select((value, n) => Point(across, up, band.First + n, value)).Reverse();
            Element(xml, "polygon", ("class", "band"), ("points", string.Join(' ', lower.Concat(upper))));
        }

        foreach (Line line in Lines)
        {
            IEnumerable<string> points = line.Values.Select((value, n) => Point(across, up, line.First + n, value));
            Element(xml, "polyline", ("class", Class(line)), ("points", string.Join(' ', points)));
        }

        Legend(xml);
        xml.WriteEndElement();
    }

    private static string Class(Line line) => "line " + line.Style switch
    {
        Style.History => "history",
        Style.Forecast => "forecast",
        _ => "other",
    };

    private static string Point(Scale across, Scale up, int place, double value) =>
        $"{Number(across.At(place))},{Number(up.At(value))}";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static void Element(XmlWriter xml, string name, params (string Name, string Value)[] attributes)
    {
        xml.WriteStartElement(name, Namespace);
        foreach ((string attribute, string value) in attributes)
        {
            xml.WriteAttributeString(attribute, value);
        }

        xml.WriteEndElement();
    }

    private static void Text(XmlWriter xml, string text, double x, double y, string style, string anchor, int turn = 0)
    {
        xml.WriteStartElement("text", Namespace);
        xml.WriteAttributeString("class", style);
        xml.WriteAttributeString("text-anchor", anchor);
        if (turn == 0)
        {
            xml.WriteAttributeString("x", Number(x));
            xml.WriteAttributeString("y", Number(y));
        }
        else
        {
            xml.WriteAttributeString("transform", $"translate({Number(x)} {Number(y)}) rotate({turn})");
        }

        xml.WriteString(text);
        xml.WriteEndElement();
    }

    private (int First, int Last) Places()
    {
        (int First, int Last)[] all =
        [
            .. Lines.Select(line => (line.First, line.First + line.Values.Count - 1)),
            .. Bands.Select(band => (band.First, band.First + band.Lower.Count - 1)),
        ];
        return (all.Min(places => places.First), all.Max(places => places.Last));
    }

    private void Axes(XmlWriter xml, Scale across, Scale up)
    {
        foreach (double tick in up.Ticks)
        {
            string y = Number(up.At(tick));
            Element(xml, "line", ("class", "grid"), ("x1", $"{Left}"), ("x2", $"{Width - Right}"), ("y1", y), ("y2", y));
            string label = tick.ToString("F" + up.Decimals, CultureInfo.InvariantCulture);
            Text(xml, label, Left - 8, up.At(tick) + 5, "tick", "end");
        }

        double free = double.NegativeInfinity;
        foreach (double tick in across.Ticks)
        {
            double x = across.At(tick);
            if (x >= free)
            {
                free = x + LabelWidth;
                Text(xml, Label((int)tick), x, Height - Bottom + 20, "tick", "middle");
            }
        }

        Text(xml, Horizontal, (Left + Width - Right) / 2.0, Height - 12, "axis", "middle");
        Text(xml, Vertical, 18, (Top + Height - Bottom) / 2.0, "axis", "middle", turn: -90);
    }

    private void Legend(XmlWriter xml)
    {
        const int y = 58;
        const int mark = 28;
        const int letter = 8;
        double x = Left;
        IEnumerable<(string Name, string? Style)> entries =
            Lines.Select(line => (line.Name, (string?)Class(line))).Concat(Bands.Select(band => (band.Name, (string?)null)));
        foreach ((string name, string? style) in entries)
        {
            string left = Number(x);
            if (style is null)
            {
                Element(xml, "rect", ("class", "band"), ("x", left), ("y", $"{y - 13}"), ("width", $"{mark}"), ("height", "16"));
            }
            else
            {
                string end = Number(x + mark);
                Element(xml, "line", ("class", style), ("x1", left), ("x2", end), ("y1", $"{y - 5}"), ("y2", $"{y - 5}"));
            }

            Text(xml, name, x + mark + 8, y, "legend", "start");
            x += mark + 8 + (letter * name.Length) + 24;
        }
    }
}

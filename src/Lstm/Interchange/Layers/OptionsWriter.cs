using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>Writes the options of a layer that are not at their defaults.</summary>
internal sealed class OptionsWriter
{
    public JsonObject Json { get; } = [];

    public void Add(string name, bool value, bool standard)
    {
        if (value != standard)
        {
            Json[name] = value;
        }
    }

    public void Add(string name, double? value, double? standard)
    {
        if (value != standard)
        {
            Json[name] = value;
        }
    }

    public void Add(string name, int? value)
    {
        if (value is not null)
        {
            Json[name] = value;
        }
    }

    public void Add(string name, Activation value, Activation standard)
    {
        if (value != standard)
        {
            Json[name] = ActivationJson.Write(value);
        }
    }
}

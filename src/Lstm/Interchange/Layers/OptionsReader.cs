using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>Reads what <see cref="OptionsWriter"/> has written; what is missing is at its default.</summary>
internal sealed class OptionsReader(Settings settings)
{
    public bool Flag(string name, bool standard) => settings.Has(name) ? settings.Flag(name) : standard;

    public double Number(string name, double standard) => settings.Has(name) ? settings.Number(name) : standard;

    public double? NumberOrNone(string name) => settings.Has(name) ? settings.Number(name) : null;

    public int? WholeNumberOrNone(string name) => settings.Has(name) ? settings.WholeNumber(name) : null;

    public Activation Activation(string name, Activation standard) =>
        settings.Has(name) ? ActivationJson.Read(settings.Within(name)) : standard;
}

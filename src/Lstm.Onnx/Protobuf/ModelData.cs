using Google.Protobuf;

namespace Lstm.Onnx.Protobuf;

/// <summary>What matters of a file (ModelProto).</summary>
internal sealed class ModelData
{
    /// <summary>The newest version of the file's format that is known.</summary>
    private const long NewestIrVersion = 13;

    private bool _isOwn;
    private bool _hasGivenStates;

    /// <summary>The version of ONNX's own operators; 0 if the file names none.</summary>
    public long Opset { get; private set; }

    public GraphData Graph { get; private set; } = new();

    /// <summary>Whether this library wrote it, and its states start at zeros.</summary>
    public bool StatesStartAtZero => _isOwn && !_hasGivenStates;

    /// <summary>Reads a file that has been loaded.</summary>
    /// <exception cref="OnnxException">The file is not what it should be.</exception>
    public static ModelData Read(byte[] file)
    {
        var model = new ModelData();
        try
        {
            using var reader = new WireReader(file);
            model.Read(reader);
            return model;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OnnxException($"The file is not in the format of ONNX: {e.Message}", e);
        }
    }

    private void Read(WireReader reader)
    {
        bool hasGraph = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Model.IrVersion:
                    long version = reader.Integer();
                    if (version > NewestIrVersion)
                    {
                        throw new OnnxException(
                            $"The file is of version {version} of the format; the newest that is known is {NewestIrVersion}.");
                    }

                    break;
                case Fields.Model.ProducerName:
                    _isOwn = reader.Text() == OwnModel.Producer;
                    break;
                case Fields.Model.Metadata:
                    _hasGivenStates |= reader.Message(Key) == OwnModel.GivenStates;
                    break;
                case Fields.Model.OpsetImport:
                    (string domain, long opset) = reader.Message(OperatorSet);
                    Opset = IsOwn(domain) ? opset : Opset;
                    break;
                case Fields.Model.Graph:
                    Graph = !hasGraph ? reader.Message(GraphData.Read) : throw new OnnxException("The file has more than one graph.");
                    hasGraph = true;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!hasGraph)
        {
            throw new OnnxException("The file has no graph: it is empty, or not in the format of ONNX.");
        }
    }

    /// <summary>Whether it is the domain of ONNX's own operators.</summary>
    public static bool IsOwn(string domain) => domain is "" or "ai.onnx";

    private static string Key(WireReader reader)
    {
        string key = string.Empty;
        while (reader.Next())
        {
            if (reader.Field == Fields.Entry.Key)
            {
                key = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }

        return key;
    }

    private static (string Domain, long Version) OperatorSet(WireReader reader)
    {
        (string Domain, long Version) set = (string.Empty, 0);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.OperatorSet.Domain:
                    set.Domain = reader.Text();
                    break;
                case Fields.OperatorSet.Version:
                    set.Version = reader.Integer();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return set;
    }
}

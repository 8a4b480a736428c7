namespace Lstm.Fuzz;

/// <summary>Changes messages of Protobuf, ONNX models above all: their bytes or, with all lengths set right, what is in their fields.</summary>
public static class ProtobufMutation
{
    private const int MostChanges = 4;
    private const int MostRepeats = 3000;
    private const int MostRepeatedBytes = 1 << 18;

    /// <summary>Of ONNX's tensors: where the contents are, if not here.</summary>
    private const int ExternalData = 13;
    private const int DataLocation = 14;

    /// <summary>A few changes of the fields or, half the time, of the bytes.</summary>
    public static byte[] Of(byte[] file, byte[] other, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (random.Next(2) == 0 || ProtobufField.Read(file) is not { Count: > 0 } message)
        {
            return Mutation.Of(file, other, random);
        }

        List<ProtobufField> donors = [.. Lists(ProtobufField.Read(other) ?? []).SelectMany(list => list)];

        // Most often one, so that enough of the models are still whole enough to be run.
        for (int n = random.Next(1 + random.Next(MostChanges)); n >= 0; n--)
        {
            Change(message, donors, random);
        }

        return ProtobufField.Write(message);
    }

    /// <summary>A number as Protobuf writes it: seven bits a byte, the lowest first.</summary>
    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static void Change(List<ProtobufField> message, List<ProtobufField> donors, Random random)
    {
        // All lists of fields are chosen from alike, so that the many nodes do not hide the rest.
        List<List<ProtobufField>> lists = [.. Lists(message).Where(list => list.Count > 0)];
        if (lists.Count == 0)
        {
            return;
        }

        List<ProtobufField> list = lists[random.Next(lists.Count)];
        int at = random.Next(list.Count);
        ProtobufField field = list[at];
        switch (random.Next(13))
        {
            case 0:
                list.RemoveAt(at);
                break;
            case 1:
                list.Insert(random.Next(list.Count + 1), field.Clone());
                break;
            case 2:
                list.RemoveAt(at);
                list.Insert(random.Next(list.Count + 1), field);
                break;
            case 3 when donors.Count > 0:
                list.Insert(at, donors[random.Next(donors.Count)].Clone());
                break;
            case 4 when donors.Count > 0:
                list[at] = donors[random.Next(donors.Count)].Clone();
                break;
            case 5:
                // Names, operators and contents in the places of others.
                ProtobufField[] leaves = [.. lists.SelectMany(fields => fields).Where(leaf => leaf.Fields is null && leaf.Type == field.Type)];
                if (leaves.Length > 0)
                {
                    (field.Content, field.Fields) = (leaves[random.Next(leaves.Length)].Content, null);
                }

                break;
            case 6:
                (field.Content, field.Fields) = (Mutation.Of(field.ToBytes(), field.Content, random), null);
                break;
            case 7:
                field.Number = random.Next(1, 24);
                break;
            case 8:
                field.Type = random.Next(6);
                break;
            case 9:
                int most = Math.Min(MostRepeats, MostRepeatedBytes / field.ToBytes().Length);
                list.InsertRange(at, Enumerable.Range(0, random.Next(most + 1)).Select(_ => field.Clone()));
                break;
            case 10:
                field.Content = Nested(field, random);
                (field.Type, field.Fields) = (ProtobufField.BytesType, null);
                break;
            case 11:
                list.Add(Text(ExternalData, 1, "location", 2, random.Next(2) == 0 ? "/dev/zero" : "../weights.bin"));
                list.Add(Number(DataLocation, 1));
                break;
            default:
                ProtobufField number = Number(field.Number, Mutation.OddNumber(random));
                (field.Type, field.Content, field.Fields) = (number.Type, number.Content, null);
                break;
        }
    }

    private static IEnumerable<List<ProtobufField>> Lists(List<ProtobufField> fields) =>
        fields.Where(field => field.Fields is not null).SelectMany(field => Lists(field.Fields!)).Prepend(fields);

    /// <summary>The field in a field of its number, and that in another, and so on.</summary>
    private static byte[] Nested(ProtobufField field, Random random)
    {
        byte[] content = field.ToBytes();
        List<byte> front = [];
        for (int depth = random.Next(1, 1 << random.Next(1, 12)), size = content.Length; depth > 0; depth--)
        {
            // From the innermost outwards, and so turned round.
            byte[] tag = [.. Varint((ulong)((field.Number << 3) | ProtobufField.BytesType)), .. Varint((ulong)size)];
            size += tag.Length;
            front.AddRange(tag.Reverse());
        }

        front.Reverse();
        return [.. front, .. content];
    }

    private static ProtobufField Number(int number, long value) =>
        new() { Number = number, Type = ProtobufField.VarintType, Content = Varint((ulong)value) };

    /// <summary>An entry of two texts: a key, and what is under it.</summary>
    private static ProtobufField Text(int number, int keyNumber, string key, int valueNumber, string value) => new()
    {
        Number = number,
        Type = ProtobufField.BytesType,
        Fields =
        [
            new() { Number = keyNumber, Type = ProtobufField.BytesType, Content = [.. key.Select(c => (byte)c)] },
            new() { Number = valueNumber, Type = ProtobufField.BytesType, Content = [.. value.Select(c => (byte)c)] },
        ],
    };
}

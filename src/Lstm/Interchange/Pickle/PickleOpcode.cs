namespace Lstm.Interchange.Pickle;

/// <summary>The instructions of pickle that PyTorch's tensors need, named as in Python's pickletools.py.</summary>
internal enum PickleOpcode : byte
{
    Proto = 0x80,
    Stop = (byte)'.',

    // Values.
    None = (byte)'N',
    NewTrue = 0x88,
    NewFalse = 0x89,
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    Long1 = 0x8a,
    BinFloat = (byte)'G',
    BinUnicode = (byte)'X',

    // Tuples, lists and dictionaries.
    Mark = (byte)'(',
    EmptyTuple = (byte)')',
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    Tuple = (byte)'t',
    EmptyList = (byte)']',
    Append = (byte)'a',
    Appends = (byte)'e',
    EmptyDict = (byte)'}',
    SetItem = (byte)'s',
    SetItems = (byte)'u',

    // The memo, which values that occur more than once are read from.
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    BinGet = (byte)'h',
    LongBinGet = (byte)'j',

    // Names and calls.
    Global = (byte)'c',
    BinPersId = (byte)'Q',
    Reduce = (byte)'R',
    Build = (byte)'b',
}

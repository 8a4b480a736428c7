using System.Buffers.Binary;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

public class ModelStreamTests
{
    private readonly Random _random = new(1);

    public static TheoryData<string> Kinds => ["stack", "pool", "dense"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_EachInTurn_GivesWhatTheModelGives(string kind)
    {
        Layer<float> model = Create<float>(kind);
        ModelStream<float> stream = new ModelStreams<float>(model).Open();
        LayerState<float> state = model.CreateState(1);
        float[] expected = new float[model.Outputs];
        for (int t = 0; t < 5; t++)
        {
            float[] input = [t % 4];
            model.Step(input, state, expected);
            stream.Step(input).ToArray().Should().Equal(expected);
            Bits.Of(stream.State).Should().Equal(Bits.Of(state));
            stream.Steps.Should().Be(t + 1);
        }

        stream.Reset();
        stream.Steps.Should().Be(0);
        Bits.Of(stream.State).Should().NotContain(value => value != 0);
        stream.ToString().Should().StartWith("ModelStream<Single> after 0 steps of Network<Single> 1 → ");
    }

    [Fact]
    public void Clone_ThenSteps_GoesItsOwnWay()
    {
        ModelStream<float> stream = Create<float>("stack").OpenStream();
        stream.Step([1]);
        ModelStream<float> clone = stream.Clone();
        float[] expected = stream.Step([2]).ToArray();
        clone.Step([3]).ToArray().Should().NotEqual(expected);
        (stream.Steps, clone.Steps).Should().Be((2, 2));
        ModelStream<float> other = Create<float>("stack").OpenStream();
        other.Step([1]);
        other.Step([2]).ToArray().Should().Equal(expected);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Restore_Saved_GoesOnAsIfNothingHadHappened(string kind)
    {
        ModelStream<double> stream = Create<double>(kind).OpenStream();
        stream.Step([1]);
        stream.Step([3]);
        byte[] saved = stream.Save();
        using var file = new MemoryStream();
        stream.Save(file);
        stream.Save(file);
        double[] expected = stream.Step([2]).ToArray();

        ModelStream<double> other = Create<double>(kind).OpenStream();
        other.Step([0]);
        other.Restore(saved);
        other.Steps.Should().Be(2);
        other.Step([2]).ToArray().Should().Equal(expected);

        file.Position = 0;
        other.Restore(file);
        file.Position.Should().Be(saved.Length);
        other.Restore(file);
        other.Step([2]).ToArray().Should().Equal(expected);
        other.Save().Should().Equal(stream.Save());
    }

    [Fact]
    public void Save_KnownState_GivesTheBytesOfTheFormat()
    {
        ModelStream<float> stream = new ModelStreams<float>(new LstmLayer<float>(1, 1)).Open();
        stream.State.Parts[0].Values[0] = 1;
        stream.State.Parts[1].Values[0] = -2;
        byte[] expected =
        [
            .. "LSTMSTRM"u8, 1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0,
            .. "Hidden 1, Cell 1"u8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,
        ];
        byte[] saved = stream.Save();
        saved[..^8].Should().Equal(expected);

        // FNV-1a by its definition, in other arithmetic.
        var sum = new System.Numerics.BigInteger(14695981039346656037);
        foreach (byte value in expected)
        {
            sum = (sum ^ value) * 1099511628211 % (System.Numerics.BigInteger.One << 64);
        }

        BitConverter.ToUInt64(saved, expected.Length).Should().Be((ulong)sum);
    }

    [Fact]
    public void Restore_EveryByteChangedOrMissing_IsRefusedAndChangesNothing()
    {
        ModelStream<float> stream = Create<float>("stack").OpenStream();
        stream.Step([1]);
        byte[] saved = stream.Save();
        stream.Step([2]);
        float[] state = Bits.Of(stream.State);
        for (int n = 0; n < saved.Length; n++)
        {
            byte[] damaged = [.. saved];
            damaged[n] ^= 0x10;
            Refused(stream, damaged);
            Refused(stream, saved[..n]);
        }

        Refused(stream, [.. saved, 0]);
        Bits.Of(stream.State).Should().Equal(state);
        stream.Steps.Should().Be(2);
    }

    [Fact]
    public void Restore_OfAnotherModel_SaysSo()
    {
        ModelStream<float> stream = Create<float>("stack").OpenStream();
        Says(() => stream.Restore(Create<float>("pool").OpenStream().Save()), "another model", "1.Total", "2.Hidden 3");
        Says(() => stream.Restore(Create<double>("stack").OpenStream().Save()), "8 bytes", "Single", "4");
        Says(() => stream.Restore("something else, of at least this length"u8), "LSTMSTRM");
        byte[] later = stream.Save();
        later[8] = 2;
        Says(() => stream.Restore(later), "version 2", "version 1");
        later[8] = 0;
        Says(() => stream.Restore(later), "version 0", "version 1");

        // A number of steps below 0, with its right check sum: FNV-1a of 64 bits.
        byte[] backwards = stream.Save();
        backwards.AsSpan(16, 8).Fill(0xFF);
        ulong sum = 0xcbf29ce484222325;
        foreach (byte value in backwards[..^8])
        {
            sum = unchecked((sum ^ value) * 0x100000001b3);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(backwards.AsSpan(backwards.Length - 8), sum);
        Says(() => stream.Restore(backwards), "-1 steps");

        static void Says(Action call, params string[] words)
        {
            string message = call.Should().ThrowExactly<InvalidDataException>().Which.Message;
            words.Should().OnlyContain(word => message.Contains(word));
        }
    }

    [Theory]
    [InlineData("stack", 1)]
    [InlineData("stack", 7)]
    [InlineData("stack", 19)]
    [InlineData("stack", 300)]
    [InlineData("pool", 19)]
    [InlineData("dense", 9)]
    public void Step_Together_GivesWhatEachGivesAlone(string kind, int count)
    {
        Layer<double> model = Create<double>(kind);
        var streams = new ModelStreams<double>(model);
        ModelStream<double>[] together = [.. Enumerable.Range(0, count).Select(_ => streams.Open())];
        ModelStream<double>[] alone = [.. Enumerable.Range(0, count).Select(_ => streams.Open())];
        for (int t = 0; t < 4; t++)
        {
            // Some of the streams each time, in another order.
            int[] some = [.. Enumerable.Range(0, count).Where(_ => t == 0 || _random.Next(3) > 0)];
            _random.Shuffle(some);
            double[] inputs = [.. some.Select(_ => (double)_random.Next(4))];
            double[] outputs = new double[some.Length * model.Outputs];
            streams.Step([.. some.Select(n => together[n])], inputs, outputs);
            double[] expected = [.. some.SelectMany((n, at) => alone[n].Step([inputs[at]]).ToArray())];
            Close.Within(outputs, expected, Tolerance.Rounding<double>());
        }

        foreach ((ModelStream<double> one, ModelStream<double> other) in together.Zip(alone))
        {
            Close.Within(Bits.Of(one.State), Bits.Of(other.State), Tolerance.Rounding<double>());
            one.Steps.Should().Be(other.Steps);
        }
    }

    [Fact]
    public void Step_ManyThreads_GivesWhatOneGives()
    {
        const int Groups = 4;
        const int Count = 20;
        Network<float> model = Create<float>("stack");
        var streams = new ModelStreams<float>(model);
        float[] Run(int group)
        {
            ModelStream<float>[] own = [.. Enumerable.Range(0, Count).Select(_ => streams.Open())];
            float[] inputs = [.. Enumerable.Range(0, Count).Select(n => (float)((n + group) % 4))];
            float[] outputs = new float[Count * model.Outputs];
            for (int t = 0; t < 20; t++)
            {
                streams.Step(own, inputs, outputs);
            }

            return outputs;
        }

        Together.GivesTheSameAsAlone(Groups, Run);
    }

    [Fact]
    public void Step_BadArgument_IsRefusedAndChangesNothing()
    {
        Network<float> model = Create<float>("stack");
        ModelStreams<float> streams = model.Streams;
        ModelStream<float>[] two = [streams.Open(), model.OpenStream()];
        float[] outputs = new float[2 * model.Outputs];
        streams.Step(two, [1, 2], outputs);
        float[] before = [.. Bits.Of(two[0].State), .. Bits.Of(two[1].State)];

        Refusal.OutOfTurn(() => streams.Step([two[0], two[0]], [1, 2], outputs), "twice");
        Refusal.Of<ArgumentNullException>(() => streams.Step([two[0], null!], [1, 2], outputs), "streams");
        Refusal.Of<ArgumentException>(
            () => streams.Step([Create<float>("pool").OpenStream(), two[0]], [1, 2], outputs), "streams", "of the model");
        Refusal.Of<ArgumentException>(() => streams.Step(two, [1, 2, 3], outputs), "inputs", "2 elements", "3");
        Refusal.Of<ArgumentException>(() => streams.Step(two, [1, 2], outputs.AsSpan(1)), "outputs", "elements");
        Refusal.Of<ArgumentException>(() => streams.Step(two, outputs.AsSpan(0, 2), outputs), "outputs", "overlapping");
        Refusal.Of<ArgumentOutOfRangeException>(() => streams.Step(two, [1, 4], outputs), "input", "from 0 to 3", "4");
        Refusal.Of<ArgumentOutOfRangeException>(() => two[0].Step([4]), "input", "from 0 to 3");
        Refusal.Of<ArgumentNullException>(() => two[0].Save(null!), "stream");
        Refusal.Of<ArgumentNullException>(() => two[0].Restore((Stream)null!), "stream");
        streams.Step([], [], []);

        before.Should().Equal([.. Bits.Of(two[0].State), .. Bits.Of(two[1].State)]);
        streams.Step(two, [1, 2], outputs);
        two[0].Steps.Should().Be(2);
    }

    [Fact]
    public void Open_ModelThatIsNotCausal_IsRefused()
    {
        var network = new Network<float>(new ReverseLayer<float>(new LstmLayer<float>(1, 2)));
        Refusal.Of<ArgumentException>(() => new ModelStreams<float>(network), "model", "causal", "ReverseLayer");
        Refusal.OutOfTurn(() => network.OpenStream(), "causal", "ReverseLayer");
        Refusal.OutOfTurn(() => _ = network.Streams, "causal");
        Refusal.Of<ArgumentNullException>(() => new ModelStreams<float>(null!), "model");
    }

    internal static Network<T> Create<T>(string kind)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => kind switch
        {
            "stack" => new Network<T>(
                new EmbeddingLayer<T>(4, 3, seed: 1),
                new DropoutLayer<T>(3, 0.5),
                new LstmLayer<T>(3, 3, seed: 2),
                new ResidualLayer<T>(new LstmLayer<T>(3, 3, seed: 3)),
                new DenseLayer<T>(3, 5, seed: 4)),
            "pool" => new Network<T>(new LstmLayer<T>(1, 3, seed: 1), new PoolLayer<T>(3), new DenseLayer<T>(3, 2, seed: 2)),
            _ => new Network<T>(new DenseLayer<T>(1, 3, seed: 1), new DenseLayer<T>(3, 2, seed: 2)),
        };

    private static void Refused(ModelStream<float> stream, byte[] bytes)
    {
        Action whole = () => stream.Restore(bytes);
        whole.Should().ThrowExactly<InvalidDataException>().WithMessage("The saved stream *");
        using var file = new MemoryStream(bytes);
        Action fromFile = () => stream.Restore(file);
        if (bytes.Length <= stream.Save().Length)
        {
            fromFile.Should().ThrowExactly<InvalidDataException>();
        }
    }
}

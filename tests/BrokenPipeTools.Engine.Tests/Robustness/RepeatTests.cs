using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// One connection on which the same segments are repeated: they are counted, and the connection does not grow. The environment variable REPEATS sets
/// the number.
/// </summary>
[Collection(nameof(MemoryTests))]
public sealed class RepeatTests
{
    private const string Opened = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\n";

    [Theory]
    [InlineData("", "C:SYN seq=0")]
    [InlineData("C:SYN\n", "S:SYN-ACK seq=0")]
    [InlineData(Opened, "C:ACK")]
    [InlineData(Opened, "C:DATA(5) seq=1")]
    [InlineData(Opened, "C:KEEPALIVE\nS:ACK")]
    [InlineData(Opened, "S:ACK win=0\nS:ACK win=1000")]
    [InlineData(Opened, "C:ICMP")]
    [InlineData(Opened, "C:FIN seq=6")]
    [InlineData(Opened + "C:FIN\n", "S:ACK ack=6\nS:DATA(5) seq=1")]
    [InlineData(Opened + "C:FIN\nS:FIN\n", "C:ACK")]
    [InlineData(Opened, "S:RST")]
    [InlineData(Opened, "S:RST seq=500\nC:DATA(5) seq=6")]
    public void A_connection_does_not_grow_by_repeated_segments(string before, string repeated)
    {
        int times = TestSetting.Number("REPEATS") ?? 100_000;
        List<RawFrame> all = PacketScript.Build(before + repeated);
        int first = all.Count - repeated.Split('\n').Length;
        ConnectionClose record = NotGrowing(new Repeating(all[..first], all[first..], 100), new Repeating(all[..first], all[first..], times));

        long repeats = repeated == "C:ICMP" ? 0 : (long)times * (all.Count - first); // an ICMP error is not a packet of the connection
        Assert.Equal(first + repeats, record.Packets);
        Assert.InRange(record.Events.Count, 0, 40);
        Assert.InRange(record.Explanation.Length, 1, 4000);
        Assert.InRange(record.Sequence.Length, 0, 4000);
        Assert.InRange(record.ZeekHistory.Length, 1, 200);
    }

    /// <summary>
    /// Checks that a connection holds as much after many repeats as after few, and returns its record. A connection that grows does so in each attempt;
    /// other memory of this process, which changes during a measurement, does not.
    /// </summary>
    private static ConnectionClose NotGrowing(Repeating few, Repeating many)
    {
        const int Attempts = 5;
        const long Noise = 128 << 10;
        for (int attempt = 1; ; attempt++)
        {
            long least = Held(few, out _);
            long held = Held(many, out ConnectionClose record);
            if (held < least + Noise)
                return record;
            Assert.True(attempt < Attempts, $"{held} bytes are held, and {least} after 100 repeats");
        }
    }

    /// <summary>
    /// Returns the bytes that the only connection of a capture holds at its end, with its analyzer. It is the median of three measurements, because
    /// other code of this process changes them: the runtime allocates memory, and objects of an earlier test are finalized.
    /// </summary>
    private static long Held(Repeating source, out ConnectionClose record)
    {
        long[] measured = new long[3];
        record = null!;
        for (int i = 0; i < measured.Length; i++)
        {
            Footprint.Settle();
            long before = GC.GetTotalMemory(forceFullCollection: true);
            using CloseAnalyzer analyzer = new(source.Again());
            Assert.True(analyzer.TryNext(out ConnectionClose? only));
            measured[i] = GC.GetTotalMemory(forceFullCollection: true) - before;
            Assert.False(analyzer.TryNext(out _));
            record = only;
        }

        Array.Sort(measured);
        return measured[measured.Length / 2];
    }

    /// <summary>Some frames, then other frames repeated, a microsecond apart.</summary>
    private sealed class Repeating(List<RawFrame> before, List<RawFrame> repeated, int times) : ICaptureSource
    {
        private readonly long _count = before.Count + ((long)repeated.Count * times);

        public Repeating Again() => new(before, repeated, times);

        public string Name => "repeating";

        public long Position { get; private set; }

        public long? Length => null;

        public long DroppedFrames => 0;

        public bool TryRead(out Frame frame)
        {
            frame = default;
            if (Position == _count)
                return false;
            RawFrame next = Position < before.Count ? before[(int)Position] : repeated[(int)((Position - before.Count) % repeated.Count)];
            Position++;
            frame = new Frame { Number = Position, Time = next.Time + (Position * Nanoseconds.PerMicrosecond), LinkType = LinkType.Ethernet, OriginalLength = next.Data.Length, Data = next.Data };
            return true;
        }

        public void Dispose()
        {
        }
    }
}

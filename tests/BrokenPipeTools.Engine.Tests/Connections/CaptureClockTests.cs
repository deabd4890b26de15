using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Connections;

/// <summary>Some times in captures are wrong; a single wrong time must not decide when a connection is final.</summary>
public sealed class CaptureClockTests
{
    private const long Hour = 3600 * Nanoseconds.PerSecond;
    private const long Year2106 = 4_294_967_295 * Nanoseconds.PerSecond; // the last that a pcap file can hold

    [Theory]
    [InlineData(new long[] { 100, 101, 103 }, 3)]
    [InlineData(new long[] { 100, 101, 70, 103 }, 3)] // out of order
    [InlineData(new long[] { 100, 4_000_000_000, 101, 102 }, 2)] // one outlier forward
    [InlineData(new long[] { 100_000, 1, 100_001, 2, 100_002 }, 2)] // outliers back, not consecutive
    [InlineData(new long[] { 4_000_000_000, 100, 101, 102, 105 }, 3)] // an outlier at the beginning: the third consistent frame sets the clock
    [InlineData(new long[] { 10_000, 10_001, 6401, 6402, 6403, 6406 }, 4)] // set back by an hour
    [InlineData(new long[] { 100, 101, 1_000_000, 1_000_001, 1_000_002, 1_000_004 }, 3)] // set forward
    [InlineData(new long[] { 100, 86_400 }, 86_300)] // a quiet day
    public void Only_plausible_steps_advance_the_clock(long[] seconds, long expected)
    {
        CaptureClock clock = new();
        foreach (long time in seconds)
            clock.Observe(time * Nanoseconds.PerSecond);
        Assert.Equal(expected * Nanoseconds.PerSecond, clock.Elapsed);
    }

    [Fact]
    public void Extreme_times_do_not_advance_the_clock()
    {
        CaptureClock clock = new();
        foreach (long time in (long[])[long.MaxValue, 0, long.MinValue, long.MaxValue, -1, Nanoseconds.PerSecond, long.MinValue])
            clock.Observe(time);
        Assert.InRange(clock.Elapsed, 0, Nanoseconds.PerSecond);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(40)]
    public void One_frame_with_a_wrong_century_changes_no_other_connection(int at)
    {
        List<RawFrame> frames = PacketScript.Build(string.Concat(Enumerable.Range(0, 8).Select(Whole)));
        string[] expected = Describe(frames);
        frames.Insert(at, PacketScript.Build("C:SYN conn=99")[0] with { Time = Year2106 });
        Assert.Equal(expected, Describe(frames).Where(line => !line.StartsWith("40099", StringComparison.Ordinal)));
        Assert.Equal(9, Describe(frames).Length);
    }

    [Theory]
    [InlineData(-Hour)]
    [InlineData(-30 * 24 * Hour)]
    [InlineData(30 * 24 * Hour)]
    public void If_the_clock_is_set_during_a_capture_no_record_is_delayed(long jump)
    {
        ConnectionTable table = new(1000, linger: Nanoseconds.PerSecond, maxLingering: 1000, new ConnectionPool());
        SegmentFlows flows = new();
        long time = Year2106 / 2;
        int finished = 0;
        for (int i = 0; i < 100; i++)
        {
            if (i == 50)
                time += jump;
            foreach (RawFrame frame in PacketScript.Build(Whole(i)))
                Observe(table, flows, frame with { Time = time += Nanoseconds.PerSecond / 10 });
            while (table.TryTake(out _))
                finished++;
        }

        Assert.InRange(finished, 95, 99); // those of the last second wait
    }

    private static string Whole(int i) =>
        $"C:SYN conn={i}\nS:SYN-ACK conn={i}\nC:ACK conn={i}\nC:DATA(5) conn={i}\nS:FIN conn={i}\nC:FIN conn={i}\nS:ACK conn={i}\nS:FIN seq=1 conn={i}\n";

    private static void Observe(ConnectionTable table, SegmentFlows flows, RawFrame frame)
    {
        SegmentDecoder decoder = new();
        decoder.Decode(new Frame { Number = 1, Time = frame.Time, LinkType = 1, OriginalLength = frame.Data.Length, Data = frame.Data }, out Segment segment);
        table.Observe(segment, flows.Next(segment));
    }

    private static string[] Describe(List<RawFrame> frames) =>
        [.. Analyze.Bytes(CaptureBytes.Pcap(frames, magic: 0xA1B23C4D)).Select(r => $"{r.ClientPort} {r.State} {r.Packets} {r.Sequence}").Order(StringComparer.Ordinal)];
}

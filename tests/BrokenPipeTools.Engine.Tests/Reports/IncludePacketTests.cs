using BrokenPipeTools.Analysis;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Reports;

/// <summary>With <see cref="AnalyzerOptions.IncludePacket"/>, events have the bytes of the frames that they name.</summary>
public sealed class IncludePacketTests
{
    private const string Open = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(300)\nS:DATA(900)\nC:ACK\n";

    private static readonly AnalyzerOptions Included = new() { IncludePacket = true };

    [Theory]
    [InlineData(Open + "S:FIN\nC:ACK\n+1 C:DATA(500)\nS:RST", 3)] // a write after the close
    [InlineData(Open + "+1 C:DATA(500)\nS:RST", 1)] // the RST answers a segment that is logged because of it
    [InlineData("C:SYN\nS:RST-ACK", 1)]
    [InlineData("C:SYN\nC:ICMP", 1)]
    public void Events_of_the_evidence_have_the_bytes_of_their_frames(string script, int withBytes)
    {
        List<RawFrame> frames = PacketScript.Build(script);
        ConnectionClose record = PacketScript.One(script, options: Included);
        Assert.Equal(withBytes, record.Events.Count(rung => rung.GetRawCapture() is not null));
        CheckEvents(record, CaptureBytes.Pcap(frames, magic: 0xA1B23C4D));
    }

    [Fact]
    public void Frames_are_not_mixed_up_if_the_log_is_full()
    {
        string repeats = string.Concat(Enumerable.Repeat("+1 C:DATA(5)\nS:ACK\nS:DATA(3)\nC:ACK\n", 20));
        string script = Open + "S:FIN\n" + repeats + "+1 C:DATA(7)\nS:RST";
        ConnectionClose record = PacketScript.One(script, options: Included);
        Assert.True(record.Connection.Log.Omitted > 0);
        Assert.Contains(record.Events, rung => rung.Kind == ObservationKind.Rst && rung.GetRawCapture() is not null);
        CheckEvents(record, CaptureBytes.Pcap(PacketScript.Build(script), magic: 0xA1B23C4D));
    }

    /// <summary>The captures contain encapsulations, fragments, cut frames and reused ports.</summary>
    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void Records_are_the_same_as_without_the_option_and_have_the_right_bytes(int seed)
    {
        byte[] capture = new RandomCapture(seed).Make(frames: 3000);
        List<ConnectionClose> plain = Analyze.Bytes(capture);
        List<ConnectionClose> records = Analyze.Bytes(capture, Included);
        Assert.Equal(plain.Select(Text), records.Select(Text));
        Assert.Equal(records.Select(Text), Analyze.Bytes(CaptureBytes.Gzip(capture), Included).Select(Text));
        Assert.All(plain, record => Assert.All(record.Events, rung => Assert.Null(rung.GetRawCapture())));
        Assert.Contains(records, record => record.Events.Any(rung => rung.GetRawCapture() is not null));
        Assert.All(records, record => CheckEvents(record, capture));
    }

    [Fact]
    public void Packets_that_are_passed_one_by_one_have_their_bytes_too()
    {
        byte[] capture = new RandomCapture(33).Make(frames: 3000);
        using PacketAnalysis packets = new("name", Included);
        List<ConnectionClose> records = [];
        foreach ((_, long time, int linkType, int originalLength, byte[] data) in Analyze.Frames(capture))
        {
            byte[] lent = [.. data];
            packets.Add(lent, time, linkType, originalLength);
            TakeRecords(packets, records);
            Array.Clear(lent); // the bytes had to be valid until there was no further record
        }

        packets.Complete();
        TakeRecords(packets, records);
        Assert.Contains(records, record => record.Events.Any(rung => rung.GetRawCapture() is not null));
        Assert.All(records, record => CheckEvents(record, capture));
    }

    [Fact]
    public void A_returned_record_leaves_no_bytes_in_the_next_one()
    {
        RecordPool pool = new();
        pool.Return([PacketScript.One("C:SYN\nS:RST-ACK", options: Included with { Pool = pool })]);
        ConnectionClose record = PacketScript.One("C:SYN\nS:RST-ACK", options: new AnalyzerOptions { Pool = pool });
        Assert.All(record.Events, rung => Assert.Null(rung.GetRawCapture()));
    }

    [Fact]
    public void Bytes_of_a_record_cannot_be_changed_from_outside()
    {
        ConnectionClose record = PacketScript.One("C:SYN\nS:RST-ACK", options: Included);
        byte[] before = [.. record.Events[^1].GetRawCapture()!.Data];
        Array.Clear(record.Events[^1].GetRawCapture()!.Data);
        Assert.Equal(before, record.Events[^1].GetRawCapture()!.Data);
    }

    private static void CheckEvents(ConnectionClose record, byte[] capture)
    {
        var frames = Analyze.Frames(capture).ToDictionary(frame => frame.Number);
        ref readonly ObservationLog log = ref record.Connection.Log;
        for (int i = 0; i < log.Kept; i++) // those of the evidence and all others
            Assert.Equal(Beginning(frames[record.FirstFrame + log.Get(i).Frame].Data), record.Connection.Frames!.Get(log, i)?.Data);
        HashSet<long> evidence = [.. record.Evidence.Select(e => e.Frame)];
        foreach (CloseEvent rung in record.Events)
        {
            RawCapture? raw = rung.GetRawCapture();
            Assert.Equal(evidence.Contains(rung.Frame), raw is not null);
            if (raw is null)
                continue;
            (_, long time, int linkType, int originalLength, byte[] data) = frames[rung.Frame];
            Assert.Equal(Beginning(data), raw.Data);
            Assert.Equal((linkType, originalLength), (raw.LinkLayerType, raw.PacketLength));
            Assert.Equal(time, (long)(raw.Timeval.Value * Nanoseconds.PerSecond));
            Assert.Equal((ulong)(time / Nanoseconds.PerMicrosecond), (raw.Timeval.Seconds * (ulong)(Nanoseconds.PerSecond / Nanoseconds.PerMicrosecond)) + raw.Timeval.MicroSeconds);
            Assert.Equal(rung.Time, raw.Timeval.Date);
        }
    }

    private static byte[] Beginning(byte[] data) => data[..Math.Min(data.Length, 256)];

    private static string Text(ConnectionClose record) => $"{record} {record.Cause} {record.Explanation} {string.Join('\n', record.Events)}";

    private static void TakeRecords(PacketAnalysis packets, List<ConnectionClose> records)
    {
        while (packets.TryNext(out ConnectionClose? record))
            records.Add(record);
    }
}

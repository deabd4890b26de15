using BrokenPipeTools.Analysis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>Frames whose original length is below the captured length: all captured bytes are read.</summary>
public sealed class OriginalLengthTests
{
    private const string Script = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(40)\nS:ACK\nS:FIN\nC:DATA(5)\nS:RST\n";

    private static readonly List<RawFrame> Whole = PacketScript.Build(Script);

    private static readonly (string Name, Func<IEnumerable<RawFrame>, byte[]> Write)[] Formats =
    [
        ("pcap", frames => CaptureBytes.Pcap(frames)),
        ("pcap, big-endian", frames => CaptureBytes.Pcap(frames, bigEndian: true)),
        ("pcap, nanoseconds", frames => CaptureBytes.Pcap(frames, magic: 0xA1B23C4D)),
        ("pcapng", frames => CaptureBytes.Pcapng(frames)),
        ("pcapng, obsolete packet blocks", frames => [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. frames.SelectMany(f => CaptureBytes.ObsoletePacket(f))]),
    ];

    public static TheoryData<string, int, int> Cases
    {
        get
        {
            TheoryData<string, int, int> cases = [];
            foreach ((string format, int first, int length) in from format in Formats from first in (int[])[0, 1, 3] from length in (int[])[0, 5, 40] select (format.Name, first, length))
                cases.Add(format, first, length);
            return cases;
        }
    }

    /// <param name="format">The kind of file.</param>
    /// <param name="first">Every frame from this one on has the wrong length; the frames before it determine the layout of a pcap file.</param>
    /// <param name="length">The wrong length.</param>
    [Theory]
    [MemberData(nameof(Cases))]
    public void The_captured_bytes_are_the_frame(string format, int first, int length)
    {
        Func<IEnumerable<RawFrame>, byte[]> write = Formats.Single(one => one.Name == format).Write;
        byte[] capture = write(Whole.Select((frame, index) => index < first ? frame : frame with { OriginalLength = length }));
        Assert.All(Analyze.Frames(capture), frame => Assert.Equal(frame.Data.Length, frame.OriginalLength));
        (List<ConnectionClose> records, CloseAnalyzer analyzer) = Analyze.All(capture);
        ConnectionClose expected = Assert.Single(Analyze.Bytes(write(Whole)));
        ConnectionClose record = Assert.Single(records);
        Assert.Equal((expected.State, expected.Sequence, expected.Packets, expected.ClientBytes, expected.CaptureQuality), (record.State, record.Sequence, record.Packets, record.ClientBytes, record.CaptureQuality));
        Assert.Equal(Whole.Count, analyzer.Decoder.Count(DecodeOutcome.Segment));
    }
}

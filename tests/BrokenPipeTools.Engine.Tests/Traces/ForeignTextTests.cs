using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Traces;

/// <summary>Text that is not a trace: the error has the file, the place and the action. Also tests the encodings of a trace.</summary>
public sealed class ForeignTextTests
{
    private const string Trace = "12:00:01.000000 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [S], seq 1, win 64240, length 0\n";

    [Theory]
    [InlineData("root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1\n", "tcpdump -w FILE.pcap")]
    [InlineData("2024-05-01 12:00:01,123 ERROR java.io.IOException: Broken pipe\n\tat sun.nio.ch\n", "tcpdump -w FILE.pcap")]
    [InlineData("12:00:01.123456 ERROR: a > b: no such thing\n", "tcpdump -w FILE.pcap")]
    [InlineData("<html><body>Not found</body></html>", "tcpdump -w FILE.pcap")]
    [InlineData("tcpdump: eth7: No such device exists\n", "tcpdump -w FILE.pcap")]
    [InlineData("time,source\n1,2\n", "tcpdump -w FILE.pcap")]
    public void Text_without_a_packet_is_an_error(string text, string advice)
    {
        CaptureFormatException error = Assert.Throws<CaptureFormatException>(() => PrintedTrace.Read(text));
        Assert.Equal(CaptureFault.NotACapture, error.Fault);
        Assert.Contains("trace.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains("at byte offset 0", error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_Windows_event_trace_names_the_commands_that_convert_it(byte headerType)
    {
        byte[] file = new byte[4096];
        BinaryPrimitives.WriteUInt32LittleEndian(file, 64 * 1024);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), 1024);
        (file[72], file[74], file[75]) = (2, headerType, 0xC0);
        CaptureFormatException error = Assert.Throws<CaptureFormatException>(() => CaptureFile.Open(new MemoryStream(file), "net.etl"));
        Assert.Contains("pktmon etl2pcap", error.Message, StringComparison.Ordinal);
        Assert.Contains("etl2pcapng", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> Encodings() => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(Trace) },
        { "UTF-8 with a mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Trace)] },
        { "UTF-16 with a mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Trace)] },
        { "UTF-16 without a mark", Encoding.Unicode.GetBytes(Trace) },
        { "UTF-16, big-endian", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Trace)] },
        { "gzip", Compress(Encoding.UTF8.GetBytes(Trace)) },
        { "gzip of UTF-16", Compress([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Trace)]) },
        { "without an end of line", Encoding.UTF8.GetBytes(Trace.TrimEnd()) },
        { "behind a page of other text", [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Lorem ipsum dolor sit amet\n", 10_000))), .. Encoding.UTF8.GetBytes(Trace)] },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_trace_is_recognized_in_every_encoding(string encoding, byte[] bytes)
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(bytes), encoding));
        Assert.True(analyzer.TryNext(out ConnectionClose? record));
        Assert.Equal("192.0.2.10", record.ClientAddress);
        Assert.Equal(new DateTime(1970, 1, 1, 12, 0, 1, DateTimeKind.Utc), record.StartTime);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream output = new();
        using (GZipStream gzip = new(output, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return output.ToArray();
    }
}

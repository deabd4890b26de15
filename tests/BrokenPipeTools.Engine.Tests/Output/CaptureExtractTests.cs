using System.Net;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Output;

public sealed class CaptureExtractTests : IDisposable
{
    private static readonly string Captures = RepositoryFiles.Captures;

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-extract-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The extract of each single connection gives the record of that connection again.</summary>
    [Theory]
    [InlineData("write-after-peer-close.pcapng")]
    [InlineData("two-sends-after-close.txt")]
    public void An_extract_has_the_same_record(string capture)
    {
        ConnectionClose record = Assert.Single(Read(Path.Combine(Captures, capture)));
        ConnectionClose again = Assert.Single(Read(Extract(record)));
        Assert.Equal((record.Cause, record.State, record.ClosedBy, record.Sequence, record.Packets, record.ClientBytes, record.StartTime), (again.Cause, again.State, again.ClosedBy, again.Sequence, again.Packets, again.ClientBytes, again.StartTime));
    }

    [Fact]
    public void Only_the_packets_of_the_chosen_connection_and_the_errors_that_quote_it_are_copied()
    {
        string path = Write("C:SYN\nC:SYN conn=1\nS:SYN-ACK conn=1\nC:ICMP type=3 code=1\nC:ACK conn=1\nC:DATA(5) conn=1\nC:RST conn=1\n");
        ConnectionClose[] records = Read(path);
        Assert.Equal(2, records.Length);
        foreach (ConnectionClose record in records)
        {
            ConnectionClose again = Assert.Single(Read(Extract(record)));
            Assert.Equal((record.ClientPort, record.Cause, record.Packets, record.Connect), (again.ClientPort, again.Cause, again.Packets, again.Connect));
        }
    }

    /// <summary>The capture began in the middle: an ICMP error quotes a packet that the capture does not have.</summary>
    [Fact]
    public void An_error_that_came_before_the_first_packet_is_copied()
    {
        RawFrame[] frames = [.. PacketScript.Build("C:SYN\nC:ICMP type=3 code=1\nC:SYN seq=0\nS:SYN-ACK\nC:ACK\nC:RST\n")];
        string path = Path.Combine(_folder, "cut.pcap");
        File.WriteAllBytes(path, CaptureBytes.Pcap(frames[1..], linkType: 1));
        Assert.Equal(frames[1..].Select(frame => frame.Data), Analyze.Frames(File.ReadAllBytes(Extract(Assert.Single(Read(path))))).Select(frame => frame.Data));
    }

    /// <summary>The sequence number in the error shows that it belongs to the older connection.</summary>
    [Fact]
    public void An_error_about_an_older_connection_of_the_same_ports_is_not_copied()
    {
        RawFrame[] frames = [.. PacketScript.Build("C:SYN\nC:ICMP type=3 code=1\n+1 C:SYN seq=900000000\nS:RST-ACK ack=900000001\n")];
        string path = Path.Combine(_folder, "older.pcap");
        File.WriteAllBytes(path, CaptureBytes.Pcap(frames[1..], linkType: 1));
        Assert.Equal(frames[2..].Select(frame => frame.Data), Analyze.Frames(File.ReadAllBytes(Extract(Assert.Single(Read(path))))).Select(frame => frame.Data));
    }

    [Fact]
    public void A_second_connection_of_the_same_ports_is_another_one()
    {
        string path = Write("C:SYN\nS:SYN-ACK\nC:ACK\nC:FIN\nS:FIN\nC:ACK\n+1 C:SYN seq=900000\nS:RST-ACK ack=900001\n");
        ConnectionClose[] records = Read(path);
        Assert.Equal(2, records.Length);
        Assert.Equal([6, 2], records.Select(record => Assert.Single(Read(Extract(record))).Packets));
    }

    [Fact]
    public void The_frames_that_decide_have_comments()
    {
        ConnectionClose record = Assert.Single(Read(Path.Combine(Captures, "write-after-peer-close.pcapng")));
        byte[] bytes = File.ReadAllBytes(Extract(record));
        Assert.All(record.Evidence, evidence => Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes($"frame {evidence.Frame} of write-after-peer-close.pcapng: {evidence.Shows}")) > 0));
        Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(record.Explanation)) > 0);
    }

    /// <summary>Only the last fragment shows the connection; the other fragments are copied, too, but not those of other datagrams.</summary>
    [Fact]
    public void A_datagram_in_fragments_is_copied_as_a_whole()
    {
        List<RawFrame> frames = [];
        foreach (RawFrame frame in PacketScript.Build("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(400)\nC:DATA(400) conn=1\nS:ACK\nC:RST\n"))
            frames.AddRange(frame.Data.Length > 400 ? Fragments(frame, (ushort)(frames.Count + 1)) : [frame]);
        (frames[4], frames[5]) = (frames[5], frames[4]); // the fragments of two connections one after the other
        string path = Path.Combine(_folder, "fragments.pcap");
        File.WriteAllBytes(path, CaptureBytes.Pcap(frames, linkType: 1));
        ConnectionClose record = Assert.Single(Read(path), r => r.Packets > 1);

        string extract = Extract(record);

        RawFrame[] expected = [.. frames.Where((_, i) => i is not (4 or 6))]; // those of the other connection
        Assert.Equal(expected.Select(frame => frame.Data), Analyze.Frames(File.ReadAllBytes(extract)).Select(frame => frame.Data)); // in their order
        ConnectionClose again = Assert.Single(Read(extract));
        Assert.Equal((record.Cause, record.Sequence, record.Packets, record.ClientBytes), (again.Cause, again.Sequence, again.Packets, again.ClientBytes));
    }

    /// <summary>Packets keep their interface, with its name and snapshot length.</summary>
    [Fact]
    public void Packets_keep_their_interfaces()
    {
        RawFrame[] frames = [.. PacketScript.Build("C:SYN\nS:SYN-ACK\nC:ACK\nC:FIN\nS:FIN\nC:ACK\n")];
        string path = Path.Combine(_folder, "interfaces.pcapng");
        using (PcapWriter writer = PcapWriter.Create(path))
        {
            writer.AddInterface(new PcapWriterInterface { LinkType = 1, Name = "unused" });
            writer.AddInterface(new PcapWriterInterface { LinkType = 1, Name = "outside", SnapLength = 256 });
            writer.AddInterface(new PcapWriterInterface { LinkType = 1, Name = "inside" });
            for (int i = 0; i < frames.Length; i++)
                writer.Write(new Frame { Number = i + 1, Time = frames[i].Time, LinkType = 1, OriginalLength = frames[i].Data.Length, Data = frames[i].Data }, interfaceId: 1 + (i % 2));
        }

        string extract = Extract(Assert.Single(Read(path)));

        using ICaptureSource source = CaptureFile.Open(extract);
        List<(string?, uint)> seen = [];
        while (source.TryRead(out Frame frame))
            seen.Add((frame.Interface!.Name, frame.Interface.SnapLength));
        Assert.Equal(Enumerable.Range(0, frames.Length).Select(i => i % 2 == 0 ? ((string?)"outside", 256u) : ("inside", 0u)), seen);
    }

    [Fact]
    public void A_capture_that_was_replaced_is_a_problem()
    {
        string path = Write("C:SYN\nS:SYN-ACK\nC:ACK\nC:RST\n");
        ConnectionClose record = Assert.Single(Read(path));
        File.Copy(Write("C:SYN\nS:RST-ACK\n"), path, overwrite: true);
        using RecordExport export = new(Path.Combine(_folder, "out.pcapng"), overwrite: true);
        Assert.True(export.TryAdd(record));
        CaptureProblem problem = Assert.Single(export.Complete(CaptureFile.Open));
        Assert.Equal((CaptureProblemId.CaptureChanged, path), (problem.Id, problem.Path));

        File.Delete(path);
        using RecordExport gone = new(Path.Combine(_folder, "gone.pcapng"), overwrite: false);
        Assert.True(gone.TryAdd(record));
        Assert.Equal(CaptureProblemId.CaptureNotFound, Assert.Single(gone.Complete(CaptureFile.Open)).Id);
    }

    [Fact]
    public void Neither_an_existing_file_nor_the_capture_itself_is_overwritten()
    {
        string path = Write("C:SYN\nS:RST-ACK\n") + "ng";
        File.Move(path[..^2], path);
        Assert.True(Assert.Throws<CaptureWriteException>(() => new RecordExport(path, overwrite: false)).IsThereAlready);
        using RecordExport export = new(path, overwrite: true);
        Assert.Throws<CaptureWriteException>(() => export.TryAdd(Assert.Single(Read(path))));
        Assert.Single(Read(path));
        Assert.Throws<ArgumentException>(() => new RecordExport("x.doc", overwrite: false));
    }

    /// <summary>An existing comment on a packet is kept after the added one.</summary>
    [Fact]
    public void Comments_of_the_capture_stay()
    {
        RawFrame[] frames = [.. PacketScript.Build("C:SYN\nS:RST-ACK\n")];
        string path = Path.Combine(_folder, "commented.pcapng");
        using (PcapWriter writer = PcapWriter.Create(path))
        {
            writer.AddInterface(new PcapWriterInterface { LinkType = 1 });
            foreach (RawFrame frame in frames)
                writer.Write(new Frame { Number = 1, Time = frame.Time, LinkType = 1, OriginalLength = frame.Data.Length, Data = frame.Data }, "Paul: look here");
        }

        byte[] bytes = File.ReadAllBytes(Extract(Assert.Single(Read(path))));
        Assert.Equal(frames.Length, Count(bytes, "Paul: look here"));
        Assert.Equal(1, Count(bytes, "stream 0 of commented.pcapng"));
    }

    /// <summary>Wireshark shows the names of a text trace, because the file contains them with the addresses that represent them.</summary>
    [Fact]
    public void Names_of_a_text_trace_are_in_the_capture()
    {
        string path = Path.Combine(_folder, "trace.txt");
        File.WriteAllText(path, "12:00:01.000000 IP client.example.40000 > db.example.80: Flags [S], seq 1, win 64240, length 0\n12:00:01.001000 IP db.example.80 > client.example.40000: Flags [R.], seq 0, ack 2, win 0, length 0\n");
        byte[] bytes = File.ReadAllBytes(Extract(Assert.Single(Read(path))));
        Assert.Equal(1, Count(bytes, "\0\0\0\u0001client.example\0"));
        Assert.Equal(1, Count(bytes, "\0\0\0\u0002db.example\0"));
    }

    /// <summary>An interrupted extract leaves no file, and an existing file is kept.</summary>
    [Theory]
    [InlineData("out.pcapng")]
    [InlineData("out.md")]
    [InlineData("out.html")]
    public void An_interrupted_export_keeps_the_existing_file(string name)
    {
        ConnectionClose record = Assert.Single(Read(Write("C:SYN\nS:RST-ACK\n")));
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "before");
        using (RecordExport export = new(path, overwrite: true))
        {
            Assert.True(export.TryAdd(record));
            if (name == "out.pcapng")
                Assert.Throws<OperationCanceledException>(() => export.Complete(_ => throw new OperationCanceledException()));
        }

        Assert.Equal("before", File.ReadAllText(path));
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => file.EndsWith(".part", StringComparison.Ordinal));
        using (RecordExport export = new(path, overwrite: true))
        {
            Assert.True(export.TryAdd(record));
            Assert.Empty(export.Complete(CaptureFile.Open));
            Assert.True(export.IsWritten);
        }

        Assert.NotEqual("before", File.ReadAllText(path));
    }

    /// <summary>If no packets of the connections are found, no file is replaced.</summary>
    [Fact]
    public void An_extract_without_packets_is_not_written()
    {
        string capture = Write("C:SYN\nS:RST-ACK\n");
        ConnectionClose record = Assert.Single(Read(capture));
        File.Delete(capture);
        string path = Path.Combine(_folder, "out.pcapng");
        File.WriteAllText(path, "before");
        using RecordExport export = new(path, overwrite: true);
        Assert.True(export.TryAdd(record));
        Assert.Equal(CaptureProblemId.CaptureNotFound, Assert.Single(export.Complete(CaptureFile.Open)).Id);
        Assert.False(export.IsWritten);
        Assert.Equal("before", File.ReadAllText(path));
    }

    /// <summary>Records of two runs over one capture may overlap.</summary>
    [Fact]
    public void A_connection_that_is_added_twice_is_exported_once()
    {
        string capture = Write("C:SYN\nS:RST-ACK\n");
        string path = Path.Combine(_folder, "out.pcapng");
        using RecordExport export = new(path, overwrite: false);
        Assert.True(export.TryAdd(Assert.Single(Read(capture))));
        Assert.True(export.TryAdd(Assert.Single(Read(capture))));
        Assert.Empty(export.Complete(CaptureFile.Open));
        Assert.Equal((1, 2), (export.Count, Analyze.Frames(File.ReadAllBytes(path)).Count));
    }

    private static int Count(ReadOnlySpan<byte> bytes, string text) => bytes.Count(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Splits a frame into two, after the first 200 bytes after the IP header.</summary>
    private static RawFrame[] Fragments(RawFrame frame, ushort id)
    {
        byte[] data = frame.Data[34..];
        return
        [
            frame with { Data = Wrap.Ethernet(Ip.V4(new IPAddress(frame.Data.AsSpan(26, 4)), new IPAddress(frame.Data.AsSpan(30, 4)), 6, data[..200], id: id, fragment: 0x2000)) },
            frame with { Data = Wrap.Ethernet(Ip.V4(new IPAddress(frame.Data.AsSpan(26, 4)), new IPAddress(frame.Data.AsSpan(30, 4)), 6, data[200..], id: id, fragment: 200 / 8)) },
        ];
    }

    private static ConnectionClose[] Read(string path)
    {
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(path);
        List<ConnectionClose> records = [];
        while (analyzer.TryNext(out ConnectionClose? record))
            records.Add(record);
        Assert.Null(analyzer.Fault);
        return [.. records];
    }

    private string Extract(ConnectionClose record)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid()}.pcapng");
        using RecordExport export = new(path, overwrite: false);
        Assert.True(export.TryAdd(record));
        Assert.Empty(export.Complete(CaptureFile.Open));
        return path;
    }

    private string Write(string script)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid()}.pcap");
        File.WriteAllBytes(path, CaptureBytes.Pcap(PacketScript.Build(script), linkType: 1));
        return path;
    }
}

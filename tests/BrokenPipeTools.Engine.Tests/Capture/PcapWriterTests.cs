using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Capture;

public sealed class PcapWriterTests : IDisposable
{
    private const long Time = 1_700_000_000_123_456_789;

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-writer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_reader_reads_the_written_frames_back()
    {
        using MemoryStream file = new();
        using (PcapWriter writer = new(file, "a comment", leaveOpen: true))
        {
            int lo = writer.AddInterface(new PcapWriterInterface { LinkType = 1, Name = "lo", Filter = "tcp port 80", SnapLength = 262_144 });
            int tun = writer.AddInterface(new PcapWriterInterface { LinkType = 101, Name = "tun0", Description = "a tunnel" });
            Assert.Equal((0, 1, 2), (lo, tun, writer.InterfaceCount));
            for (int length = 0; length < 9; length++)
                writer.Write(Make(length, Time + length), length % 2 == 0 ? null : new string('x', length), length % 2);
            writer.WriteStatistics(lo, Time, 9, 4);
            Assert.Equal(9, writer.Frames);
        }

        using ICaptureSource source = CaptureFile.Open(new MemoryStream(file.ToArray()), "x");
        for (int length = 0; length < 9; length++)
        {
            Assert.True(source.TryRead(out Frame frame));
            Assert.Equal((length + 1L, Time + length, length % 2 == 0 ? 1 : 101, length + 100), (frame.Number, frame.Time, frame.LinkType, frame.OriginalLength));
            Assert.Equal(TcpPacket.Bytes(length), frame.Data.ToArray());
        }

        Assert.False(source.TryRead(out _));
        Assert.Equal(4, source.DroppedFrames);
    }

    [Fact]
    public void Frames_can_be_read_while_the_file_is_still_written()
    {
        string path = Path.Combine(_folder, "x.pcapng");
        using PcapWriter writer = PcapWriter.Create(path);
        writer.AddInterface(new PcapWriterInterface { LinkType = 1 });
        writer.Write(Make(60, Time));
        writer.Flush();
        using ICaptureSource source = CaptureFile.Open(path);
        Assert.True(source.TryRead(out _));
    }

    [Fact]
    public void An_existing_file_is_overwritten_only_if_requested()
    {
        string path = Path.Combine(_folder, "x.pcapng");
        File.WriteAllText(path, "precious");
        Assert.Throws<IOException>(() => PcapWriter.Create(path));
        Assert.Equal("precious", File.ReadAllText(path));
        PcapWriter.Create(path, overwrite: true).Dispose();
        using ICaptureSource source = CaptureFile.Open(path);
        Assert.False(source.TryRead(out _));
    }

    [Fact]
    public void An_interface_must_be_described_before_its_frames() => Assert.Throws<ArgumentOutOfRangeException>(() =>
    {
        using PcapWriter writer = new(new MemoryStream());
        writer.Write(Make(60, Time));
    });

    [TsharkFact]
    public void Tshark_reads_interfaces_comments_and_times()
    {
        string path = Path.Combine(_folder, "x.pcapng");
        string long4 = string.Concat(Enumerable.Repeat("𝄞", 20_000)); // 80,000 bytes
        using (PcapWriter writer = PcapWriter.Create(path, comment: "the whole"))
        {
            writer.AddInterface(new PcapWriterInterface { LinkType = 1, Name = "veth-ü", Filter = "tcp", SnapLength = 65_535 });
            writer.Write(Make(61, Time), "first → écrit");
            writer.Write(Make(62, Time + 1));
            writer.Write(Make(63, Time + 2), long4);
            writer.WriteStatistics(0, Time, 3, 1);
        }

        string[] rows = Tshark.Run(["-n", "-r", path, "-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.interface_name", "-e", "frame.comment"]);
        string[][] fields = [.. rows.Select(r => r.Split('\t'))];
        Assert.Equal(["1", "1700000000.123456789", "veth-ü", "first → écrit"], fields[0]);
        Assert.Equal(["2", "1700000000.123456790", "veth-ü", ""], fields[1]);
        Assert.Equal(string.Concat(Enumerable.Repeat("𝄞", 16_383)), fields[2][3]); // as many characters as fit into 65,535 bytes
    }

    private static Frame Make(int length, long time) =>
        new() { Number = 7, Time = time, LinkType = 1, OriginalLength = length + 100, Data = TcpPacket.Bytes(length) };
}

using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Capture;

public sealed class CaptureFileTests
{
    private static readonly RawFrame[] Frames = [.. Enumerable.Range(0, 1000).Select(i => new RawFrame(TcpPacket.Bytes(i)))];

    /// <summary>Incompressible frames, so that a cut file loses frames in proportion to its bytes.</summary>
    private static readonly RawFrame[] Noise = MakeNoise();

    [Fact]
    public void Gzip_of_pcap_and_of_pcapng_is_read()
    {
        Assert.Equal(Frames.Length, Analyze.Frames(CaptureBytes.Gzip(CaptureBytes.Pcap(Frames))).Count);
        Assert.Equal(Frames.Length, Analyze.Frames(CaptureBytes.Gzip(CaptureBytes.Pcapng(Frames))).Count);
    }

    [Fact]
    public void Gzip_members_one_after_the_other_are_one_file()
    {
        byte[] capture = CaptureBytes.Pcap(Frames);
        Assert.Equal(Frames.Length, Analyze.Frames([.. CaptureBytes.Gzip(capture[..5000]), .. CaptureBytes.Gzip(capture[5000..])]).Count);
    }

    [Fact]
    public void A_gzip_file_cut_anywhere_gives_its_whole_frames_and_reports_the_cut()
    {
        byte[] zipped = CaptureBytes.Gzip(CaptureBytes.Pcap(Noise));
        foreach (int cut in (int[])[100, zipped.Length / 3, zipped.Length / 2, zipped.Length - 9, zipped.Length - 8, zipped.Length - 4, zipped.Length - 1])
        {
            using ICaptureSource source = CaptureFile.Open(new MemoryStream(zipped[..cut]), "cut.pcap.gz");
            int read = 0;
            CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() =>
            {
                while (source.TryRead(out Frame frame))
                    Assert.Equal(Noise[read++].Data, frame.Data);
            });
            Assert.Equal(CaptureFault.Truncated, fault.Fault);
            Assert.InRange(read, (int)(Noise.Length * (cut / (double)zipped.Length) * 0.8) - 20, Noise.Length);
        }
    }

    [Fact]
    public void Damage_in_gzip_data_is_reported_as_damage()
    {
        byte[] zipped = CaptureBytes.Gzip(CaptureBytes.Pcap(Noise));
        zipped.AsSpan(zipped.Length / 2, 40).Fill(0xFF);
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() => Analyze.Frames(zipped));
        Assert.Equal(CaptureFault.Malformed, fault.Fault);
    }

    [Fact]
    public void A_stream_that_gives_a_byte_at_a_time_is_read_like_any_other()
    {
        RawFrame[] few = Frames[..50];
        Assert.Equal(Analyze.Frames(CaptureBytes.Pcap(few)).Count, CountDripped(CaptureBytes.Pcap(few)));
        Assert.Equal(50, CountDripped(CaptureBytes.Pcapng(few)));
        Assert.Equal(50, CountDripped(CaptureBytes.Gzip(CaptureBytes.Pcap(few))));
    }

    [Fact]
    public void A_pipe_is_not_waited_for_longer_than_the_first_frame_needs()
    {
        byte[] capture = CaptureBytes.Pcap([new RawFrame([1, 2, 3])]);
        using ICaptureSource source = CaptureFile.Open(new StallingStream(capture), "pipe");
        Assert.True(source.TryRead(out Frame frame));
        Assert.Equal(3, frame.Data.Length);
    }

    [Theory]
    [InlineData("", CaptureFault.Empty, "empty")]
    [InlineData("PK", CaptureFault.NotACapture, "too short")]
    [InlineData("PK\u0003\u0004....", CaptureFault.NotACapture, "ZIP")]
    [InlineData("snoop\0\0\0....", CaptureFault.NotACapture, "snoop")]
    [InlineData("14:05:33.123456 IP", CaptureFault.NotACapture, "14:05:33")]
    [InlineData("\u00FD7zXZ....", CaptureFault.NotACapture, "xz -d")]
    public void Another_file_format_is_reported_by_name(string text, CaptureFault kind, string words)
    {
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() => CaptureFile.Open(new MemoryStream([.. text.Select(c => (byte)c)]), "x"));
        Assert.Equal(kind, fault.Fault);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_length_does_not_allocate_memory()
    {
        byte[] capture = [.. CaptureBytes.Pcap([]), .. new ByteList(false).U32(1).U32(0).U32(16 << 20).U32(16 << 20).ToArray(), 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<CaptureFormatException>(() => Analyze.Frames(capture));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 40 << 20);
    }

    private static RawFrame[] MakeNoise()
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, 500).Select(_ =>
        {
            byte[] data = new byte[200];
            random.NextBytes(data);
            return new RawFrame(data);
        })];
    }

    private static int CountDripped(byte[] capture)
    {
        using ICaptureSource source = CaptureFile.Open(new DrippingStream(capture), "drip");
        int count = 0;
        while (source.TryRead(out _))
            count++;
        return count;
    }

    private sealed class DrippingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }

    /// <summary>Fails if it is read past its end: a real pipe would block there.</summary>
    private sealed class StallingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) =>
            Position < Length ? base.Read(buffer, offset, count) : throw new InvalidOperationException("this would block");
    }
}

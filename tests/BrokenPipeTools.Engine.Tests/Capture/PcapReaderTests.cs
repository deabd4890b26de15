using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Capture;

public sealed class PcapReaderTests
{
    private const long Time = 1_700_000_000_123_456_789;

    private static readonly RawFrame[] Frames =
    [
        new([1, 2, 3]) { Time = Time },
        new([4, 5]) { Time = Time + Nanoseconds.PerSecond, OriginalLength = 1500 },
        new([]) { Time = Time + 2_000_000_000 },
        new([6]) { Time = Time + 3_000_000_000 },
    ];

    [Theory]
    [InlineData(0xA1B2C3D4, false, 1000)]
    [InlineData(0xA1B2C3D4, true, 1000)]
    [InlineData(0xA1B23C4D, false, 1)]
    [InlineData(0xA1B23C4D, true, 1)]
    public void Reads_every_magic_in_both_byte_orders(uint magic, bool bigEndian, int tick) =>
        AssertFrames(CaptureBytes.Pcap(Frames, magic: magic, bigEndian: bigEndian), tick);

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(543, 0)]
    public void Reads_versions_with_the_lengths_the_other_way_round(ushort major, ushort minor) =>
        AssertFrames(CaptureBytes.Pcap(Frames, version: (major, minor)), 1000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_the_Kuznetzov_patch_under_its_own_magic(bool bigEndian) =>
        AssertFrames(CaptureBytes.Pcap(Frames, magic: 0xA1B2CD34, bigEndian: bigEndian, recordExtra: [0, 0, 0, 2, 8, 0, 0, 0]), 1000);

    [Fact]
    public void Reads_the_Kuznetzov_patch_under_the_standard_magic() =>
        AssertFrames(CaptureBytes.Pcap(Frames, recordExtra: [2, 0, 0, 0, 8, 0, 0, 0]), 1000);

    /// <summary>Three records, of which one has a length that the file cannot contain, do not justify another layout.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_damaged_record_does_not_change_the_detected_layout(int damaged)
    {
        byte[] capture = CaptureBytes.Pcap([.. Enumerable.Range(0, 200).Select(i => new RawFrame([.. Enumerable.Repeat((byte)i, 40 + i)]) { Time = Time + i })]);
        int at = 24;
        for (int i = 0; i < damaged; i++)
            at += 16 + 40 + i;
        BitConverter.TryWriteBytes(capture.AsSpan(at + 8), 0x7FFF_FFFFu);
        List<int> read = [];
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(capture), "x");
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() =>
        {
            while (source.TryRead(out Frame frame))
                read.Add(frame.Data.Length);
        });
        Assert.Equal(Enumerable.Range(40, damaged), read);
        Assert.Contains($"byte offset {at})", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A length that lost 8 (4) bytes makes the next record header of the Kuznetzov (Nokia) layout fit once, and the zero addresses of
    /// loopback frames look like an empty record after it.
    /// </summary>
    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void A_length_that_is_too_short_does_not_change_the_layout(int lost)
    {
        const int Length = 74;
        byte[] loopback = [.. new byte[12], 0x08, 0x00, 0x45, .. Enumerable.Repeat((byte)0xEE, Length - 15)];
        byte[] capture = CaptureBytes.Pcap([.. Enumerable.Range(0, 50).Select(i => new RawFrame(loopback) { Time = Time + i })]);
        BitConverter.TryWriteBytes(capture.AsSpan(24 + 8), Length - lost);
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(capture), "x");
        Assert.True(source.TryRead(out Frame first));
        Assert.Equal(loopback[..^lost], first.Data.ToArray());
    }

    [Fact]
    public void Reads_the_SuSE_patch() =>
        AssertFrames(CaptureBytes.Pcap(Frames, magic: 0xA1B2CD34, recordExtra: [2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]), 1000);

    [Fact]
    public void Reads_Nokia_records() => AssertFrames(CaptureBytes.Pcap(Frames, recordExtra: [0, 0, 0, 0]), 1000);

    [Theory]
    [InlineData(0x1C0001AC)]
    [InlineData(0x1C0001AB)]
    public void Reads_Ixia_files(uint magic) => AssertFrames(CaptureBytes.Pcap(Frames, magic: magic, headerExtra: [9, 0, 0, 0]), 1000);

    [Fact]
    public void Reads_AIX_files_with_their_interface_types_and_nanoseconds()
    {
        byte[] capture = CaptureBytes.Pcap([], linkType: 6, version: (2, 2));
        byte[] record = new ByteList(bigEndian: false).U32(100).U32(999_999_999).U32(3).U32(3).Raw([1, 2, 3]).ToArray();
        var frame = Assert.Single(Analyze.Frames([.. capture, .. record]));
        Assert.Equal(1, frame.LinkType);
        Assert.Equal(100_999_999_999, frame.Time);
    }

    [Fact]
    public void Ignores_the_frame_check_length_in_the_link_type() =>
        Assert.Equal(1, Analyze.Frames(CaptureBytes.Pcap(Frames, linkType: 0x30000001))[0].LinkType);

    [Fact]
    public void An_impossible_fraction_of_a_second_becomes_zero()
    {
        byte[] record = new ByteList(bigEndian: false).U32(100).U32(1_000_000).U32(1).U32(1).Raw([1]).ToArray();
        Assert.Equal(100_000_000_000, Assert.Single(Analyze.Frames([.. CaptureBytes.Pcap([]), .. record])).Time);
    }

    [Fact]
    public void Times_after_2038_are_read_correctly() =>
        Assert.Equal(3_000_000_000L * Nanoseconds.PerSecond, Analyze.Frames(CaptureBytes.Pcap([new RawFrame([1]) { Time = 3_000_000_000L * Nanoseconds.PerSecond }]))[0].Time);

    [Fact]
    public void A_file_cut_in_a_record_gives_the_frames_before_it_and_the_offset()
    {
        byte[] whole = CaptureBytes.Pcap(Frames);
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(whole[..^1]), "cut.pcap");
        for (int i = 0; i < 3; i++)
            Assert.True(source.TryRead(out _));
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() => source.TryRead(out _));
        Assert.Equal(CaptureFault.Truncated, fault.Fault);
        Assert.Equal(24 + 19 + 18 + 16, fault.Offset);
        Assert.Contains("cut.pcap", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_impossible_length_is_damage_at_its_offset()
    {
        byte[] whole = CaptureBytes.Pcap(Frames);
        whole[24 + 19 + 8 + 3] = 0x7F; // the captured length of the second record
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(whole), "bad.pcap");
        Assert.True(source.TryRead(out _));
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() => source.TryRead(out _));
        Assert.Equal((CaptureFault.Malformed, 24 + 19), (fault.Fault, fault.Offset));
    }

    private static void AssertFrames(byte[] capture, int tick)
    {
        var read = Analyze.Frames(capture);
        Assert.Equal(Frames.Length, read.Count);
        for (int i = 0; i < Frames.Length; i++)
        {
            Assert.Equal(i + 1, read[i].Number);
            Assert.Equal(1, read[i].LinkType);
            Assert.Equal(Frames[i].Time / tick * tick, read[i].Time);
            Assert.Equal(Frames[i].OriginalLength ?? Frames[i].Data.Length, read[i].OriginalLength);
            Assert.Equal(Frames[i].Data, read[i].Data);
        }
    }
}

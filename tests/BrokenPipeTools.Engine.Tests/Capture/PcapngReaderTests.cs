using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Capture;

public sealed class PcapngReaderTests
{
    private static readonly RawFrame Frame = new([1, 2, 3, 4, 5]) { Time = 1_700_000_000_123_456_000 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_enhanced_obsolete_and_simple_packets_in_both_byte_orders(bool big)
    {
        var frames = Analyze.Frames(
        [
            .. CaptureBytes.Section(big), .. CaptureBytes.InterfaceBlock(101, big),
            .. CaptureBytes.EnhancedPacket(Frame, big), .. CaptureBytes.ObsoletePacket(Frame, big), .. CaptureBytes.SimplePacket(Frame, big),
        ]);
        Assert.Equal([1L, 2, 3], frames.Select(f => f.Number));
        Assert.Equal([Frame.Time, Frame.Time, 0], frames.Select(f => f.Time));
        Assert.All(frames, f => Assert.Equal(Frame.Data, f.Data));
        Assert.All(frames, f => Assert.Equal(101, f.LinkType));
    }

    [Theory]
    [InlineData(3, 1_700_000_000_123UL, 1_700_000_000_123_000_000)]
    [InlineData(9, 1_700_000_000_123_456_789UL, 1_700_000_000_123_456_789)]
    [InlineData(0, 1_700_000_000UL, 1_700_000_000_000_000_000)]
    [InlineData(12, 1_700_000_000_123_456UL, 1_700_000_000_123)] // picoseconds
    [InlineData(0x80 | 1, 3_400_000_001UL, 1_700_000_000_500_000_000)] // halves of a second
    [InlineData(0x80 | 32, 1UL << 32, 1_000_000_000)]
    public void Resolution_is_a_power_of_ten_or_of_two(int resolution, ulong ticks, long nanoseconds)
    {
        var frames = Analyze.Frames([.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(resolution: (byte)resolution), .. CaptureBytes.EnhancedPacket(Frame, ticks: ticks)]);
        Assert.Equal(nanoseconds, Assert.Single(frames).Time);
    }

    [Fact]
    public void A_section_has_a_bounded_number_of_interfaces()
    {
        const int Most = 65_536;
        byte[] one = CaptureBytes.InterfaceBlock();
        byte[] section = CaptureBytes.Section();
        byte[] capture = new byte[section.Length + (one.Length * (Most + 1))];
        section.CopyTo(capture, 0);
        for (int i = 0; i <= Most; i++)
            one.CopyTo(capture, section.Length + (i * one.Length));
        byte[] packet = CaptureBytes.EnhancedPacket(Frame with { Interface = Most - 1 });
        Assert.Single(Analyze.Frames([.. capture.AsSpan(0, capture.Length - one.Length), .. packet]));
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(capture), "x");
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() => source.TryRead(out _));
        Assert.Contains($"byte offset {capture.Length - one.Length})", fault.Message, StringComparison.Ordinal);
        Assert.Contains("more than 65536 interfaces", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void The_time_offset_is_added(long seconds)
    {
        var frames = Analyze.Frames([.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(offset: seconds), .. CaptureBytes.EnhancedPacket(Frame)]);
        Assert.Equal(Frame.Time + (seconds * Nanoseconds.PerSecond), Assert.Single(frames).Time);
    }

    [Fact]
    public void Interfaces_have_their_own_link_type_and_resolution_and_end_with_their_section()
    {
        byte[] capture =
        [
            .. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(1), .. CaptureBytes.InterfaceBlock(113, resolution: 9),
            .. CaptureBytes.EnhancedPacket(Frame with { Interface = 1 }, ticks: (ulong)Frame.Time), .. CaptureBytes.EnhancedPacket(Frame),
            .. CaptureBytes.Section(bigEndian: true), .. CaptureBytes.InterfaceBlock(228, bigEndian: true), .. CaptureBytes.EnhancedPacket(Frame, bigEndian: true),
            .. CaptureBytes.EnhancedPacket(Frame with { Interface = 1 }, bigEndian: true),
        ];
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(capture), "x");
        List<(int, long)> read = [];
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() =>
        {
            while (source.TryRead(out Frame f))
                read.Add((f.LinkType, f.Time));
        });
        Assert.Equal([(113, Frame.Time), (1, Frame.Time), (228, Frame.Time)], read);
        Assert.Contains("interface 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_blocks_are_stepped_over_and_those_that_Wireshark_numbers_are_numbered()
    {
        byte[] nameResolution = CaptureBytes.Block(4, new ByteList(false).U32(0));
        byte[] journal = CaptureBytes.Block(9, new ByteList(false).Raw("abcd"u8));
        byte[] custom = CaptureBytes.Block(0xBAD, new ByteList(false).U32(12345));
        byte[] netflixSkip = CaptureBytes.Block(0xBAD, new ByteList(false).U32(10949).U32(2).U32(0));
        var frames = Analyze.Frames([.. CaptureBytes.Section(), .. nameResolution, .. CaptureBytes.InterfaceBlock(), .. journal, .. custom, .. netflixSkip, .. CaptureBytes.EnhancedPacket(Frame)]);
        Assert.Equal(3, Assert.Single(frames).Number);
    }

    [Fact]
    public void A_simple_packet_is_cut_at_the_snapshot_length()
    {
        var frames = Analyze.Frames([.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(snap: 4), .. CaptureBytes.SimplePacket(new RawFrame([1, 2, 3, 4]) { OriginalLength = 9 })]);
        Assert.Equal((9, 4), (frames[0].OriginalLength, frames[0].Data.Length));
    }

    [Fact]
    public void Losses_are_summed_from_statistics_and_obsolete_packets()
    {
        byte[] statistics = CaptureBytes.Block(5, new ByteList(false).U32(0).U32(0).U32(0).U16(5).U16(8).U64(7).U16(7).U16(8).U64(4).U32(0));
        byte[] capture = [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. CaptureBytes.ObsoletePacket(Frame, drops: 3), .. CaptureBytes.ObsoletePacket(Frame, drops: 65535), .. statistics];
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(capture), "x");
        while (source.TryRead(out _))
        {
        }

        Assert.Equal(14, source.DroppedFrames);
    }

    [Fact]
    public void Statistics_count_from_the_beginning_so_the_newest_of_an_interface_replace_the_others()
    {
        byte[] Statistics(uint source, ulong drops) => CaptureBytes.Block(5, new ByteList(false).U32(source).U32(0).U32(0).U16(5).U16(8).U64(drops).U32(0));
        byte[] capture = [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. CaptureBytes.InterfaceBlock(), .. Statistics(0, 3), .. Statistics(1, 10), .. Statistics(0, 5), .. Statistics(2, 1000)];
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(capture), "x");
        Assert.False(source.TryRead(out _));
        Assert.Equal(15, source.DroppedFrames);
    }

    [Fact]
    public void Impossible_statistics_do_not_overflow()
    {
        byte[] endless = CaptureBytes.Block(5, new ByteList(false).U32(0).U32(0).U32(0).U16(5).U16(8).U64(ulong.MaxValue).U16(7).U16(8).U64(ulong.MaxValue).U32(0));
        byte[] section = [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. endless];
        using ICaptureSource source = CaptureFile.Open(new MemoryStream([.. Enumerable.Repeat(section, 100).SelectMany(b => b)]), "x");
        Assert.False(source.TryRead(out _));
        Assert.True(source.DroppedFrames > 0);
    }

    [Theory]
    [InlineData(4, "invalid length")] // shorter than its own frame
    [InlineData(11, "invalid length")]
    [InlineData(0x7FFFFFFF, "invalid length")]
    public void An_impossible_block_length_is_damage(uint length, string reason)
    {
        byte[] packet = CaptureBytes.EnhancedPacket(Frame);
        BitConverter.TryWriteBytes(packet.AsSpan(4), length);
        AssertFault([.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. packet], CaptureFault.Malformed, 28 + 20, reason);
    }

    [Fact]
    public void Lengths_at_both_ends_of_a_block_must_agree()
    {
        byte[] packet = CaptureBytes.EnhancedPacket(Frame);
        packet[^4] ^= 1;
        AssertFault([.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. packet], CaptureFault.Malformed, 48, "trailing length");
    }

    [Fact]
    public void A_captured_length_beyond_the_block_is_damage()
    {
        byte[] packet = CaptureBytes.EnhancedPacket(Frame);
        packet[20] = 200;
        AssertFault([.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. packet], CaptureFault.Malformed, 48, "a frame of 200 bytes");
    }

    [Fact]
    public void A_file_cut_in_a_block_ends_there() =>
        AssertFault([.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. CaptureBytes.EnhancedPacket(Frame)[..^3]], CaptureFault.Truncated, 48, "middle of a block");

    private static void AssertFault(byte[] capture, CaptureFault kind, long offset, string reason)
    {
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() => Analyze.Frames(capture));
        Assert.Equal((kind, offset), (fault.Fault, fault.Offset));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }
}

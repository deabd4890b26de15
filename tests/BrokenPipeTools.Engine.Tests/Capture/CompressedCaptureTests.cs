using System.Text;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>Captures compressed with zstd and lz4 are recognized by their content, and read to the end or to the damage, with bounded memory.</summary>
public sealed class CompressedCaptureTests
{
    /// <summary>Bytes of the capture in one piece. No frame ends at the end of a piece.</summary>
    private const int Piece = 103;

    private const int FewLength = 60;

    private static readonly RawFrame[] Frames = MakeFrames(1000, 40, 600);
    private static readonly RawFrame[] Few = MakeFrames(6, FewLength, FewLength);

    public static TheoryData<string> Forms() => [.. CompressedBytes.Forms.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_is_read(string form)
    {
        Func<byte[], byte[]> compress = CompressedBytes.Forms[form];
        Assert.Equal(Data(Frames), Data(compress(CaptureBytes.Pcap(Frames))));
        Assert.Equal(Data(Frames), Data(compress(CaptureBytes.Pcapng(Frames))));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_trace_as_text_is_read_too(string form)
    {
        const string Trace = "12:00:01.000000 IP 192.0.2.10.40000 > 192.0.2.20.80: Flags [S], seq 1, win 64240, length 0\n";
        foreach (Encoding encoding in (Encoding[])[new UTF8Encoding(false), new UnicodeEncoding(bigEndian: false, byteOrderMark: true)])
        {
            byte[] text = [.. encoding.GetPreamble(), .. encoding.GetBytes(string.Concat(Enumerable.Repeat(Trace, 50)))];
            Assert.Equal("192.0.2.10", Assert.Single(Analyze.Bytes(CompressedBytes.Forms[form](text))).ClientAddress);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_pipe_that_gives_a_byte_at_a_time_is_read_like_a_file(string form)
    {
        using ICaptureSource source = CaptureFile.Open(new Pipe(CompressedBytes.Forms[form](CaptureBytes.Pcap(Few))), "pipe");
        Assert.Equal(Data(Few), Read(source, out CaptureFormatException? fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("zstd, a frame to be skipped before each, as pzstd")]
    [InlineData("lz4")]
    [InlineData("lz4 -l")]
    public void A_file_that_is_cut_anywhere_gives_all_complete_data_and_names_the_cut(string form)
    {
        byte[] capture = CaptureBytes.Pcap(Few);
        byte[][] pieces = [.. capture.Chunk(Piece).Select(CompressedBytes.Forms[form])];
        byte[] whole = [.. pieces.SelectMany(piece => piece)];
        for (int length = 4; length < whole.Length; length++)
        {
            (int start, int complete) = (0, 0);
            while (complete < pieces.Length && start + pieces[complete].Length <= length)
                start += pieces[complete++].Length;
            List<byte[]> read = Open(whole[..length], out CaptureFormatException? fault);
            Assert.Equal(Data(Few).Take(read.Count), read);
            Assert.InRange(read.Count, WholeFrames(complete * Piece), Few.Length);
            Assert.True(fault is null || fault.Fault is CaptureFault.Truncated or CaptureFault.Empty or CaptureFault.NotACapture, $"cut to {length}: {fault?.Message}");
            if (start != length && read.Count < Few.Length)
                Assert.NotNull(fault);
        }
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("zstd, frames one after the other")]
    [InlineData("lz4")]
    [InlineData("lz4, checksums")]
    public void Damage_is_found_and_loses_nothing_before_it(string form)
    {
        byte[][] pieces = [.. CaptureBytes.Pcap(Few).Chunk(Piece).Select(CompressedBytes.Forms[form])];
        byte[] whole = [.. pieces.SelectMany(piece => piece)];
        int before = pieces[0].Length + pieces[1].Length;
        for (int at = before; at < before + pieces[2].Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            List<byte[]> read = Open(damaged, out CaptureFormatException? fault);
            Assert.InRange(read.Count, WholeFrames(2 * Piece), Few.Length);
            Assert.Equal(Data(Few).Take(WholeFrames(2 * Piece)), read.Take(WholeFrames(2 * Piece)));
            if (fault is null)
                Assert.Equal(Data(Few), read); // a bit that has no meaning was changed
            else if (fault.Fault == CaptureFault.Malformed && fault.Reason.StartsWith("damaged", StringComparison.Ordinal))
                Assert.InRange(PlaceOf(fault), before, before + pieces[2].Length);
        }
    }

    [Fact]
    public void The_error_names_the_file_the_place_and_the_format()
    {
        byte[] first = CompressedBytes.Zstd(CaptureBytes.Pcap(Few));
        Open([.. first, .. CompressedBytes.ZstdHeader(56), 0xFE, 0xFF, 0xFF], out CaptureFormatException? fault);
        Assert.Equal(CaptureFault.Malformed, fault!.Fault);
        Assert.Equal(
            $"test: damaged zstd data at byte offset {first.Length + 6} of the compressed file: a block is too long (at byte offset {CaptureBytes.Pcap(Few).Length} of the decompressed data)",
            fault.Message);
    }

    [Theory]
    [InlineData(17 << 3, null)] // 128 MiB, the limit of zstd -d
    [InlineData((17 << 3) | 1, "--long=28")]
    [InlineData(21 << 3, "window of 2048 MiB is larger than 128 MiB; decompress it first (zstd -d --long=31)")]
    [InlineData(0xFF, "--long=42")]
    public void A_window_larger_than_the_limit_is_not_allocated(byte windowDescriptor, string? problem)
    {
        byte[] capture = CaptureBytes.Pcap(Few);
        List<byte[]> read = Open([.. CompressedBytes.ZstdHeader(windowDescriptor), .. CompressedBytes.ZstdBlockHeader(capture.Length, isLast: true), .. capture], out CaptureFormatException? fault);
        Assert.Equal(problem is null ? Few.Length : 0, read.Count);
        Assert.Equal(problem is null, fault is null);
        if (problem is not null)
        {
            Assert.Equal(CaptureFault.NotACapture, fault!.Fault);
            Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_dictionary_is_reported()
    {
        Open([0x28, 0xB5, 0x2F, 0xFD, 0x21, 7, 0, 1, 0, 0], out CaptureFormatException? fault);
        Assert.Contains("zstd dictionary 7", fault!.Message, StringComparison.Ordinal);
        Open(CompressedBytes.Lz4WithDictionary(7), out fault);
        Assert.Contains("lz4 dictionary", fault!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("lz4")]
    public void A_decompression_bomb_needs_no_memory(string form)
    {
        RawFrame zeros = new(new byte[60_000]);
        byte[] bomb = CompressedBytes.Forms[form](CaptureBytes.Pcap([.. Enumerable.Repeat(zeros, 400)]));
        Assert.InRange(bomb.Length, 1, 1 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(bomb), "bomb");
        int count = 0;
        while (source.TryRead(out _))
            count++;
        Assert.Equal(400, count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 6 << 20);
    }

    [Fact]
    public void Frames_are_read_before_the_next_block_has_come()
    {
        byte[] first = CompressedBytes.StoredZstd(CaptureBytes.Pcap(Few))[..^3];
        using ICaptureSource source = CaptureFile.Open(new Pipe(first, stalls: true), "pipe");
        for (int i = 0; i < Few.Length; i++)
            Assert.True(source.TryRead(out _));
    }

    [Fact]
    public void Another_format_in_a_compressed_file_is_reported()
    {
        Open(CompressedBytes.Zstd([.. "snoop\0\0\0 and more"u8]), out CaptureFormatException? fault);
        Assert.Equal(CaptureFault.NotACapture, fault!.Fault);
        Assert.Contains("snoop", fault.Message, StringComparison.Ordinal);
        Open(CompressedBytes.Lz4([]), out fault);
        Assert.Equal(CaptureFault.Empty, fault!.Fault);
    }

    [Theory]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0 }, "zstd -d")]
    [InlineData(new byte[] { 0x04, 0x22, 0x4D, 0x18, 0 }, "lz4 -d")]
    [InlineData(new byte[] { 0x02, 0x21, 0x4C, 0x18, 0 }, "lz4 -d")]
    public void The_engine_without_decoders_names_the_tool(byte[] start, string tool) => Assert.Contains(tool, ForeignFormat.Describe(start), StringComparison.Ordinal);

    /// <summary>The frames that are complete in the first bytes of the capture of <see cref="Few"/>.</summary>
    private static int WholeFrames(int length)
    {
        const int FileHeader = 24;
        const int Record = 16 + FewLength;
        return Math.Clamp((length - FileHeader) / Record, 0, Few.Length);
    }

    private static long PlaceOf(CaptureFormatException fault)
    {
        const string Before = "at byte offset ";
        string rest = fault.Reason[(fault.Reason.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..];
        return long.Parse(rest[..rest.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static List<byte[]> Open(byte[] file, out CaptureFormatException? fault)
    {
        fault = null;
        try
        {
            using ICaptureSource source = CaptureFile.Open(new MemoryStream(file), "test");
            return Read(source, out fault);
        }
        catch (CaptureFormatException e)
        {
            fault = e;
            return [];
        }
    }

    private static List<byte[]> Read(ICaptureSource source, out CaptureFormatException? fault)
    {
        List<byte[]> frames = [];
        fault = null;
        try
        {
            while (source.TryRead(out Frame frame))
                frames.Add(frame.Data.ToArray());
        }
        catch (CaptureFormatException e)
        {
            fault = e;
        }

        return frames;
    }

    private static IEnumerable<byte[]> Data(IEnumerable<RawFrame> frames) => frames.Select(frame => frame.Data);

    private static List<byte[]> Data(byte[] file) => [.. Analyze.Frames(file).Select(frame => frame.Data)];

    /// <summary>Half of each frame does not compress.</summary>
    private static RawFrame[] MakeFrames(int count, int shortest, int longest)
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            byte[] data = new byte[random.Next(shortest, longest + 1)];
            random.NextBytes(data.AsSpan(data.Length / 2));
            return new RawFrame(data);
        })];
    }

    private sealed class Pipe(byte[] bytes, bool stalls = false) : ForwardStream
    {
        private int _at;

        public override int Read(Span<byte> buffer)
        {
            if (_at == bytes.Length)
                return stalls ? throw new InvalidOperationException("this would block") : 0;
            buffer[0] = bytes[_at++];
            return 1;
        }
    }
}

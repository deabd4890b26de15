using System.Buffers.Binary;
using System.Text;
using BrokenPipeTools.Capture.Text;

namespace BrokenPipeTools.Capture.Files;

/// <summary>Names the likely format of a file that is not a capture, for the message.</summary>
internal static class ForeignFormat
{
    private static readonly (byte[] Magic, string Hint)[] Known =
    [
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd-compressed; decompress it first (zstd -d)"),
        ([0x04, 0x22, 0x4D, 0x18], "lz4-compressed; decompress it first (lz4 -d)"),
        ([0x02, 0x21, 0x4C, 0x18], "lz4-compressed; decompress it first (lz4 -d)"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz-compressed; decompress it first (xz -d)"),
        ([0x42, 0x5A, 0x68], "bzip2-compressed; decompress it first (bzip2 -d)"),
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive; unpack it first"),
        ("snoop\0\0\0"u8.ToArray(), "a snoop capture; convert it first (editcap -F pcapng)"),
        ("\x54\x52\x53\x4E"u8.ToArray(), "a Sniffer capture; convert it first (editcap -F pcapng)"),
        ("GMBU"u8.ToArray(), "a Network Monitor capture; convert it first (editcap -F pcapng)"),
    ];

    /// <summary>The number of bytes that are enough to recognize the format.</summary>
    public const int Looked = 128;

    public static string Describe(ReadOnlySpan<byte> start)
    {
        foreach ((byte[] magic, string hint) in Known)
        {
            if (start.StartsWith(magic))
                return hint;
        }

        if (IsEventTrace(start))
            return "a Windows event trace; convert it first (pktmon etl2pcap FILE.etl; a trace of netsh with etl2pcapng FILE.etl FILE.pcapng)";
        ReadOnlySpan<byte> head = start[..Math.Min(8, start.Length)];
        if (!TraceSniffer.IsText(start[..Math.Min(Looked, start.Length)]))
            return "it starts with " + Convert.ToHexString(head);
        int end = head.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E);
        string text = Encoding.ASCII.GetString(end < 0 ? head : head[..end]);
        return $"it starts with the text \"{text}\", and no line is a packet in the format of tcpdump, tshark or Wireshark; capture with tcpdump -w FILE.pcap";
    }

    /// <summary>
    /// Returns whether a file is a Windows event trace. An .etl file begins with a buffer header of 72 bytes, which contains the size of the buffer
    /// and its used bytes. Then comes the header of the first event (evntrace.h, SYSTEM_TRACE_HEADER), whose marker 0xC001 or 0xC002 follows its
    /// version.
    /// </summary>
    private static bool IsEventTrace(ReadOnlySpan<byte> start)
    {
        const int BufferHeader = 72;
        if (start.Length < BufferHeader + 4)
            return false;
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(start);
        uint used = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        return size is >= 1024 and <= 16 << 20 && size % 1024 == 0 && used <= size && start[BufferHeader + 2] is 1 or 2 && start[BufferHeader + 3] == 0xC0;
    }
}

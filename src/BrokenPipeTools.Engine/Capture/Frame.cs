namespace BrokenPipeTools.Capture;

/// <summary>
/// One captured frame, as the capture file or the interface gave it.
/// <see cref="Data"/> points into the reader's buffer: it is valid until the next read.
/// </summary>
public readonly ref struct Frame
{
    /// <summary>Bytes of the longest frame: far above any link's largest packet, far below the value of a damaged length field.</summary>
    internal const int MaxLength = 16 << 20;

    /// <summary>Wireshark's frame number: the first frame of a capture is 1.</summary>
    public required long Number { get; init; }

    /// <summary>Nanoseconds since 1970-01-01T00:00:00Z; 0 if the capture has no time for this frame.</summary>
    public required long Time { get; init; }

    /// <summary>The LINKTYPE_ number (https://www.tcpdump.org/linktypes.html) of the header with which <see cref="Data"/> begins.</summary>
    public required int LinkType { get; init; }

    /// <summary>Bytes the frame had on the wire; <see cref="Data"/> is shorter if a snapshot length cut it.</summary>
    public required int OriginalLength { get; init; }

    /// <summary>The direction in which the frame passed the capturing host, if the capture has that beside the frame's bytes.</summary>
    public PacketDirection Direction { get; init; }

    /// <summary>The fields that <see cref="Data"/> lacks, if it was made from a text trace.</summary>
    public FrameLacks Lacks { get; init; }

    /// <summary>The interface of a pcapng file; null if the capture describes none.</summary>
    internal PcapngInterface? Interface { get; init; }

    /// <summary>The first comment that a pcapng file has on the frame, in UTF-8; empty for none.</summary>
    internal ReadOnlySpan<byte> Comment { get; init; }

    /// <summary>The captured bytes.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Returns an original length of a file. It is at least the captured one: some writers leave it 0, and the captured bytes existed.</summary>
    internal static int OriginalLengthOf(uint original, uint captured) => (int)Math.Clamp(original, captured, int.MaxValue);
}

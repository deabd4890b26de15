namespace BrokenPipeTools.Capture;

/// <summary>
/// One captured frame, as it is in the capture file or as it came from the interface. <see cref="Data"/> points into the reader's buffer, so it is
/// valid only until the next read.
/// </summary>
public readonly ref struct Frame
{
    /// <summary>The most bytes of a frame. No link has so large packets, and a damaged length field usually has a larger value.</summary>
    internal const int MaxLength = 16 << 20;

    /// <summary>Wireshark's frame number: the first frame of a capture is 1.</summary>
    public required long Number { get; init; }

    /// <summary>Nanoseconds since 1970-01-01T00:00:00Z; 0 if the capture has no time for this frame.</summary>
    public required long Time { get; init; }

    /// <summary>The LINKTYPE_ number (https://www.tcpdump.org/linktypes.html) of the first header in <see cref="Data"/>.</summary>
    public required int LinkType { get; init; }

    /// <summary>The number of bytes that the frame had on the wire. <see cref="Data"/> is shorter if the snapshot length cut the frame.</summary>
    public required int OriginalLength { get; init; }

    /// <summary>The direction in which the frame passed the capturing host, if the capture has this information.</summary>
    public PacketDirection Direction { get; init; }

    /// <summary>The fields that <see cref="Data"/> lacks, if the frame was made from a text trace.</summary>
    public FrameLacks Lacks { get; init; }

    /// <summary>The interface of the frame in a pcapng file; null if the capture describes none.</summary>
    internal PcapngInterface? Interface { get; init; }

    /// <summary>The first comment that a pcapng file has on the frame, in UTF-8; empty for none.</summary>
    internal ReadOnlySpan<byte> Comment { get; init; }

    /// <summary>The captured bytes.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Returns the original length from the value in a file, and at least the captured length: some writers leave the value 0.</summary>
    internal static int OriginalLengthOf(uint original, uint captured) => (int)Math.Clamp(original, captured, int.MaxValue);
}

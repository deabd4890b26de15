namespace BrokenPipeTools.Capture.Files;

/// <summary>The description of an interface in a capture file (interface description block, section 4.2 of draft-ietf-opsawg-pcapng).</summary>
internal sealed record PcapWriterInterface
{
    /// <summary>The LINKTYPE_ number of its frames.</summary>
    public required int LinkType { get; init; }

    /// <summary>The most bytes kept of each frame; 0 for no limit.</summary>
    public int SnapLength { get; init; }

    /// <summary>if_name: <c>eth0</c>.</summary>
    public string? Name { get; init; }

    /// <summary>if_description.</summary>
    public string? Description { get; init; }

    /// <summary>if_filter, in the language of pcap-filter(7).</summary>
    public string? Filter { get; init; }
}

namespace BrokenPipeTools.Wire;

/// <summary>The result of verifying a segment's checksum.</summary>
internal enum ChecksumState : byte
{
    /// <summary>Not all bytes were captured, or it was not checked.</summary>
    Unknown,

    Good,

    /// <summary>
    /// Not computed yet: the capturing machine sent the packet and left the checksum to its network card. The field contains only the sum of the
    /// pseudo header.
    /// </summary>
    Offloaded,

    Bad,
}

namespace BrokenPipeTools.Wire;

/// <summary>The result of verifying a segment's checksum.</summary>
internal enum ChecksumState : byte
{
    /// <summary>Not all bytes were captured, or it was not checked.</summary>
    Unknown,

    Good,

    /// <summary>Not yet computed: the capturing machine sent the packet itself and left that to its network card. Only the pseudo header's sum is there.</summary>
    Offloaded,

    Bad,
}

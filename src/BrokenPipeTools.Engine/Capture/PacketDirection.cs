namespace BrokenPipeTools.Capture;

/// <summary>
/// The direction in which a packet passed the capturing host. Each value is a flag, so that the directions of several packets can be combined.
/// </summary>
[Flags]
public enum PacketDirection : byte
{
    /// <summary>The capture does not have the direction.</summary>
    Unknown = 0,

    /// <summary>The host received the packet, for itself or to forward it.</summary>
    Incoming = 1,

    /// <summary>The host sent the packet, its own or a forwarded one.</summary>
    Outgoing = 2,

    /// <summary>The packet was for another host: it was captured in promiscuous mode, or on a bridge.</summary>
    Passing = 4,
}

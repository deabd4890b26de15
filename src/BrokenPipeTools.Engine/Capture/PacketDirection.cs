namespace BrokenPipeTools.Capture;

/// <summary>The direction in which a packet passed the capturing host. Each value is a flag, so that the directions of several packets can be combined.</summary>
[Flags]
public enum PacketDirection : byte
{
    /// <summary>The capture does not have the direction.</summary>
    Unknown = 0,

    /// <summary>Received by the host, for itself or to forward it.</summary>
    Incoming = 1,

    /// <summary>Sent by the host, its own or forwarded.</summary>
    Outgoing = 2,

    /// <summary>For another host: captured in promiscuous mode, or on a bridge.</summary>
    Passing = 4,
}

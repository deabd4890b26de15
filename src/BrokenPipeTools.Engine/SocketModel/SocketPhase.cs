namespace BrokenPipeTools.SocketModel;

/// <summary>The states of RFC 9293, section 3.3.2, as far as they decide anything here.</summary>
internal enum SocketPhase : byte
{
    /// <summary>Nothing is known of this end: it has neither sent nor received anything.</summary>
    None,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
    Closed,
}

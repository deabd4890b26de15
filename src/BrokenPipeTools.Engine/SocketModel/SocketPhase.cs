namespace BrokenPipeTools.SocketModel;

/// <summary>The states of RFC 9293, section 3.3.2, that matter for the results of calls.</summary>
internal enum SocketPhase : byte
{
    /// <summary>Unknown, because this end has neither sent nor received anything.</summary>
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

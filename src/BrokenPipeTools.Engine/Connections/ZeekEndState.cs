namespace BrokenPipeTools.Connections;

/// <summary>The states that Zeek gives one end of a connection.</summary>
internal enum ZeekEndState : byte
{
    Inactive,
    SynSent,
    SynAckSent,
    Partial,
    Established,
    Closed,
    Reset,
}

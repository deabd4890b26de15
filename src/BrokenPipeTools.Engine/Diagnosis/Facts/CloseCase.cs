using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.History;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>A connection to diagnose, and its context.</summary>
/// <param name="Connection">The connection. It must not change any more.</param>
/// <param name="Client">The end that is the client.</param>
/// <param name="State">The state in which the connection ended.</param>
/// <param name="ClosedBy">The side whose FIN or accepted RST came first.</param>
/// <param name="Context">The input of the diagnosis besides the packets, such as the timers that silences are compared with.</param>
/// <param name="Neighbors">Properties that the connection shares with earlier ones; null if there are none.</param>
/// <param name="IsAfterDrops">Whether the capturing program lost frames, of this connection or of others.</param>
/// <param name="IsCutShort">Whether the capture is damaged or cut, or was stopped, while the connection was open.</param>
/// <param name="Until">The time up to which the capture shows the connection, in nanoseconds since 1970.</param>
/// <param name="IsAfterGaps">Whether the capture lacks segments of so many earlier connections that it may lack the end of this one, too.</param>
internal readonly record struct CloseCase(
    Connection Connection, int Client, CloseState State, ClosedBy ClosedBy, DiagnosisContext Context, CloseNeighbors? Neighbors, bool IsAfterDrops, bool IsCutShort, long Until, bool IsAfterGaps = false);

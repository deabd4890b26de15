using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.History;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>A connection to diagnose, and its context.</summary>
/// <param name="Connection">The connection. It does not change any more.</param>
/// <param name="Client">The end that is the client.</param>
/// <param name="State">How it closed.</param>
/// <param name="ClosedBy">The side whose FIN or accepted RST came first.</param>
/// <param name="Context">The time-outs that silences are compared with, and the local addresses.</param>
/// <param name="Neighbors">Properties that it shares with the connections before it; null for none.</param>
/// <param name="IsAfterDrops">The capturing program lost frames, of this connection or of others.</param>
/// <param name="IsCutShort">The capture is damaged or cut, or was stopped, while the connection was open.</param>
/// <param name="Until">The time up to which the capture shows the connection, in nanoseconds since 1970.</param>
internal readonly record struct CloseCase(
    Connection Connection, int Client, CloseState State, ClosedBy ClosedBy, DiagnosisContext Context, CloseNeighbors? Neighbors, bool IsAfterDrops, bool IsCutShort, long Until);

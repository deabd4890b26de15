namespace BrokenPipeTools.Connections;

/// <summary>A connection that has left the table.</summary>
/// <param name="Connection">It will not change any more.</param>
/// <param name="Since">The time in the capture at which it left the table, in nanoseconds since 1970.</param>
internal readonly record struct FinalConnection(Connection Connection, long Since);

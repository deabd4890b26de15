namespace BrokenPipeTools.Connections;

/// <summary>A connection that has left the table.</summary>
/// <param name="Connection">It will not change any more.</param>
/// <param name="Since">The time that the capture had reached then, in nanoseconds since 1970.</param>
internal readonly record struct FinalConnection(Connection Connection, long Since);

namespace BrokenPipeTools.Connections;

/// <summary>A connection that has left the table.</summary>
/// <param name="Connection">It will not change any more.</param>
/// <param name="Stream">Its number. Here as well, since the thread that takes it out of the table does not look at the connection.</param>
/// <param name="Since">The time that the capture had reached then, in nanoseconds since 1970.</param>
internal readonly record struct FinalConnection(Connection Connection, int Stream, long Since);

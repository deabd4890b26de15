namespace BrokenPipeTools.Analysis;

/// <summary>How far an analysis has come.</summary>
/// <param name="Name">The capture.</param>
/// <param name="Position">Bytes of the file read.</param>
/// <param name="Length">The length of the file in bytes; null if it is not known.</param>
/// <param name="Frames">Frames read.</param>
/// <param name="HeldConnections">Connections held now: the open ones, and closed ones that wait for late segments.</param>
/// <param name="DroppedFrames">Frames that the capturing program reports as lost.</param>
public readonly record struct AnalyzerProgress(string Name, long Position, long? Length, long Frames, int HeldConnections, long DroppedFrames);

namespace BrokenPipeTools.Capture.Files;

/// <summary>A file of a series that could not be read, or not to its end.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">As opening or reading it alone would have thrown it.</param>
internal sealed record SeriesFault(string Path, Exception Reason);

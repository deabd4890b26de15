namespace BrokenPipeTools.Capture.Files;

/// <summary>A file of a series that could not be read, or not to its end.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">The exception that opening or reading this file alone throws.</param>
internal sealed record SeriesFault(string Path, Exception Reason);

namespace BrokenPipeTools.Capture;

/// <summary>A line of a text trace that looks like a packet but could not be read.</summary>
/// <param name="Number">The number of the line, from 1.</param>
/// <param name="Text">The line, cut to about 120 characters.</param>
internal readonly record struct UnreadLine(long Number, string Text);

namespace BrokenPipeTools.Testing.Cases;

/// <summary>A packet script of <c>tests/cases</c> with the records expected of it.</summary>
/// <param name="File">The name of its file.</param>
/// <param name="Line">The line of its title, from 1.</param>
/// <param name="Title">Its title: one sentence, unique among all cases.</param>
/// <param name="Script">The lines of its script, with every beginning in place of its name.</param>
/// <param name="Expected">The lines behind <c>-></c>, as <see cref="RecordText"/> writes them.</param>
/// <param name="ExpectedLine">The number of the line where these begin, or where they are missing.</param>
internal sealed record PacketCase(string File, int Line, string Title, string Script, IReadOnlyList<string> Expected, int ExpectedLine);

namespace BrokenPipeTools.Testing.Cases;

/// <summary>A packet script of tests/cases with its expected records.</summary>
/// <param name="File">The name of its file.</param>
/// <param name="Line">The line of its title, from 1.</param>
/// <param name="Title">The title: one sentence, unique among all cases.</param>
/// <param name="Script">The lines of its script. Each named beginning is replaced by its lines.</param>
/// <param name="Expected">The lines after ->, in the format of <see cref="RecordText"/>.</param>
/// <param name="ExpectedLine">The line at which the expected records begin, or would begin if they are missing.</param>
internal sealed record PacketCase(string File, int Line, string Title, string Script, IReadOnlyList<string> Expected, int ExpectedLine);

namespace BrokenPipeTools.Reports;

/// <summary>
/// Marks the frames that prove the cause in the closing ladder. It uses the texts of events and of evidence, which begin with the frame's number,
/// because records from another machine have lost their types but kept these texts.
/// </summary>
internal static class MarkedLadder
{
    private const string Mark = "> ";
    private const string NoMark = "  ";
    private const string Arrow = "  <- ";

    /// <summary>Returns the ladder of a connection, one line per event.</summary>
    public static IEnumerable<string> Of(ConnectionClose connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return Lines(connection.Events.Select(rung => rung.ToString()), connection.Evidence.Select(evidence => evidence.ToString()));
    }

    /// <summary>
    /// Returns the events as lines; those in the evidence are marked and followed by their meaning. A frame of the evidence that came before the
    /// closing has no line here.
    /// </summary>
    public static IEnumerable<string> Lines(IEnumerable<string> rungs, IEnumerable<string> evidence)
    {
        ArgumentNullException.ThrowIfNull(rungs);
        ILookup<string, string> shows = evidence.ToLookup(FrameOf, line => line[Math.Min(line.Length, FrameOf(line).Length + 1)..]);
        return rungs.Select(rung => shows[FrameOf(rung)].ToArray() is { Length: > 0 } shown ? Mark + rung + Arrow + string.Join("; ", shown) : NoMark + rung);
    }

    /// <summary>Returns the number sign and the number at the start of a line.</summary>
    private static string FrameOf(string line) => line.Split(' ', 2)[0];
}

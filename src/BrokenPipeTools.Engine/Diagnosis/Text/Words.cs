using BrokenPipeTools.Diagnosis.Facts;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>Phrases that the explanations share.</summary>
internal static class Words
{
    /// <summary>Returns "the server", or "your program" for the local side.</summary>
    public static string Name(this CloseFacts f, int end) => end == f.Local ? "your program" : end == f.Client ? "the client" : "the server";

    /// <summary>Returns the same with a capital letter, for the beginning of a sentence.</summary>
    public static string NameFirst(this CloseFacts f, int end) => end == f.Local ? "Your program" : end == f.Client ? "The client" : "The server";

    /// <summary>Returns the host of a side: "the server's host", "your own kernel".</summary>
    public static string Host(this CloseFacts f, int end) => end == f.Local ? "your own kernel" : end == f.Client ? "the client's host" : "the server's host";

    /// <summary>Returns the same with a capital letter, for the beginning of a sentence.</summary>
    public static string HostFirst(this CloseFacts f, int end) => First(f.Host(end));

    /// <summary>Returns a time in a form that people can compare: less than 0.5 ms, 0.5 ms, 200 ms, 1.2 s, 350.2 s.</summary>
    public static TimePhrase Seconds(double seconds) => new("", seconds);

    /// <summary>Returns " 46 s before", or " right before" if the time is too short to be mentioned.</summary>
    public static TimePhrase Before(double seconds) => TimePhrase.IsNoTime(seconds) ? new TimePhrase(" right before") : new TimePhrase(" ", seconds, " before");

    /// <summary>Returns " 1.2 s later", or " right after that".</summary>
    public static TimePhrase Later(double seconds) => TimePhrase.IsNoTime(seconds) ? new TimePhrase(" right after that") : new TimePhrase(" ", seconds, " later");

    /// <summary>Returns " after 60.2 s of silence"; empty if the time is too short to be mentioned.</summary>
    public static TimePhrase AfterSilence(double seconds) => TimePhrase.IsNoTime(seconds) ? new TimePhrase("") : new TimePhrase(" after ", seconds, " of silence");

    /// <summary>Returns the beginning of a sentence on payload: "1 byte was" or "55 bytes of the client were".</summary>
    /// <param name="count">How many bytes.</param>
    /// <param name="of">Whose bytes; begins with a space.</param>
    public static string BytesWere(long count, string of = "") => count == 1 ? $"1 byte{of} was" : $"{count} bytes{of} were";

    private static string First(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

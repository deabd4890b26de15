using System.Globalization;
using BrokenPipeTools.Diagnosis.Facts;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>The words that explanations share.</summary>
internal static class Words
{
    /// <summary>Seconds below which a time is not worth a number.</summary>
    private const double Shortest = 0.0005;

    /// <summary>Above it a tenth of a millisecond is the capture's noise.</summary>
    private const double FewMilliseconds = 0.00995;

    /// <summary>A value that rounds to 1,000 ms is written as one second.</summary>
    private const double WholeSecond = 0.9995;

    /// <summary>"the server", or "your program" for the local side.</summary>
    public static string Name(this CloseFacts f, int end) => end == f.Local ? "your program" : end == f.Client ? "the client" : "the server";

    /// <summary>Like the method above, for the beginning of a sentence.</summary>
    public static string NameFirst(this CloseFacts f, int end) => end == f.Local ? "Your program" : end == f.Client ? "The client" : "The server";

    /// <summary>The host of a side: "the server's host", "your own kernel".</summary>
    public static string Host(this CloseFacts f, int end) => end == f.Local ? "your own kernel" : end == f.Client ? "the client's host" : "the server's host";

    /// <summary>Like the method above, for the beginning of a sentence.</summary>
    public static string HostFirst(this CloseFacts f, int end) => First(f.Host(end));

    /// <summary>Whether a time is too short to be named.</summary>
    public static bool IsNoTime(double seconds) => seconds < Shortest;

    /// <summary>A time a person can compare: less than 0.5 ms, 0.5 ms, 200 ms, 1.2 s, 350.2 s.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < Shortest => "less than 0.5 ms",
        < FewMilliseconds => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms"),
        < WholeSecond => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
    };

    /// <summary>" 46 s before", or " right before" if the time is too short to be named.</summary>
    public static string Before(double seconds) => IsNoTime(seconds) ? " right before" : $" {Seconds(seconds)} before";

    /// <summary>" 1.2 s later", or " right after that".</summary>
    public static string Later(double seconds) => IsNoTime(seconds) ? " right after that" : $" {Seconds(seconds)} later";

    /// <summary>" after 60.2 s of silence"; empty if the time is too short to be named.</summary>
    public static string AfterSilence(double seconds) => IsNoTime(seconds) ? "" : $" after {Seconds(seconds)} of silence";

    private static string First(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

using System.Globalization;
using BrokenPipeTools.Diagnosis.Facts;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>Phrases that the explanations share.</summary>
internal static class Words
{
    /// <summary>Seconds. A shorter time is not worth a number.</summary>
    private const double Shortest = 0.0005;

    /// <summary>Seconds. Above this, a tenth of a millisecond is below the capture's precision.</summary>
    private const double FewMilliseconds = 0.00995;

    /// <summary>A value that rounds to 1,000 ms is written as one second.</summary>
    private const double WholeSecond = 0.9995;

    /// <summary>Returns "the server", or "your program" for the local side.</summary>
    public static string Name(this CloseFacts f, int end) => end == f.Local ? "your program" : end == f.Client ? "the client" : "the server";

    /// <summary>Returns the same with a capital letter, for the beginning of a sentence.</summary>
    public static string NameFirst(this CloseFacts f, int end) => end == f.Local ? "Your program" : end == f.Client ? "The client" : "The server";

    /// <summary>Returns the host of a side: "the server's host", "your own kernel".</summary>
    public static string Host(this CloseFacts f, int end) => end == f.Local ? "your own kernel" : end == f.Client ? "the client's host" : "the server's host";

    /// <summary>Returns the same with a capital letter, for the beginning of a sentence.</summary>
    public static string HostFirst(this CloseFacts f, int end) => First(f.Host(end));

    /// <summary>Returns whether a time is too short to be mentioned.</summary>
    public static bool IsNoTime(double seconds) => seconds < Shortest;

    /// <summary>Returns a time in a form that people can compare: less than 0.5 ms, 0.5 ms, 200 ms, 1.2 s, 350.2 s.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < Shortest => "less than 0.5 ms",
        < FewMilliseconds => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms"),
        < WholeSecond => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
    };

    /// <summary>Returns " 46 s before", or " right before" if the time is too short to be mentioned.</summary>
    public static string Before(double seconds) => IsNoTime(seconds) ? " right before" : $" {Seconds(seconds)} before";

    /// <summary>Returns " 1.2 s later", or " right after that".</summary>
    public static string Later(double seconds) => IsNoTime(seconds) ? " right after that" : $" {Seconds(seconds)} later";

    /// <summary>Returns " after 60.2 s of silence"; empty if the time is too short to be mentioned.</summary>
    public static string AfterSilence(double seconds) => IsNoTime(seconds) ? "" : $" after {Seconds(seconds)} of silence";

    private static string First(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

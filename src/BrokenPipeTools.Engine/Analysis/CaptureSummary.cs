using System.Globalization;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>Counts all frames of a capture by their outcome, and prints the counts in one line.</summary>
internal static class CaptureSummary
{
    public static string Of(CloseAnalyzer analyzer)
    {
        ArgumentNullException.ThrowIfNull(analyzer);
        List<string> parts = [string.Create(CultureInfo.InvariantCulture, $"{analyzer.Frames} frames")];
        foreach (DecodeOutcome outcome in Enum.GetValues<DecodeOutcome>())
            Add(parts, analyzer.Decoder.Count(outcome), Words(outcome));
        Add(parts, analyzer.LeftOut, "with other addresses or ports");
        Add(parts, analyzer.Decoder.DatagramsGivenUp, "incomplete fragmented datagrams");
        Add(parts, analyzer.Evicted, "connections dropped (Evicted)");
        Add(parts, analyzer.DroppedFrames, "frames lost by the capturing program");
        string frames = string.Join(", ", parts);
        return analyzer.Remarks is { } remarks ? $"{frames}; {remarks}" : frames;
    }

    /// <summary>Returns a warning if the kernel dropped frames of a live capture; null if it did not.</summary>
    public static string? LossOf(CloseAnalyzer analyzer, string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(analyzer);
        return analyzer.DroppedFrames == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{interfaceName}: {analyzer.DroppedFrames} frames were dropped because the kernel's buffer was full, {analyzer.Frames} were captured; use a narrower capture filter. Later records have Drops in CaptureQuality");
    }

    /// <summary>
    /// Returns a warning with the number of connections that were removed to keep within the bound, and the parameter that raises the bound. Null if
    /// none were.
    /// </summary>
    public static string? EvictionsOf(CloseAnalyzer analyzer, string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(analyzer);
        return analyzer.Evicted == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{name}: more than {analyzer.MaxConnections} connections were open at the same time, so {analyzer.Evicted} were dropped and are reported as Evicted; {parameter} raises the limit");
    }

    private static void Add(List<string> parts, long count, string what)
    {
        if (count > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
    }

    private static string Words(DecodeOutcome outcome) => outcome switch
    {
        DecodeOutcome.Segment => "TCP segments",
        DecodeOutcome.QuotedSegment => "TCP headers quoted in ICMP errors",
        DecodeOutcome.NotTcp => "of other protocols",
        DecodeOutcome.FragmentHeld => "IP fragments",
        DecodeOutcome.UnknownLinkType => "of a link type that is not decoded",
        DecodeOutcome.UnknownProtocol => "of a network protocol that is not decoded",
        DecodeOutcome.Opaque => "encrypted or compressed",
        DecodeOutcome.Snapped => "cut before the end of the TCP header",
        DecodeOutcome.Malformed => "with impossible headers",
        DecodeOutcome.TooDeep => "with too many headers",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}

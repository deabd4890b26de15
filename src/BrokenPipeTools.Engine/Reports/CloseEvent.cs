using System.Globalization;
using System.Text;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reports;

/// <summary>One step of the closing ladder: a segment, or several consecutive segments of the same kind.</summary>
public sealed class CloseEvent : INaturalOrder<CloseEvent>
{
    /// <summary>Wireshark's frame number; if there are several segments, that of the first.</summary>
    public required long Frame { get; init; }

    /// <summary>The time, in UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>"Client" or "Server"; for an ICMP error, the side whose segment it quotes.</summary>
    public required string Side { get; init; }

    /// <summary>The kind of the packet.</summary>
    public required ObservationKind Kind { get; init; }

    /// <summary>The TCP control bits.</summary>
    public required TcpFlags Flags { get; init; }

    /// <summary>Sequence number relative to the side's initial one.</summary>
    public required uint RelativeSequence { get; init; }

    /// <summary>Acknowledgment number relative to the other side's initial one; null without the ACK flag.</summary>
    public required uint? RelativeAcknowledgment { get; init; }

    /// <summary>Payload bytes; if there are several segments, their sum.</summary>
    public required long Length { get; init; }

    /// <summary>The receive window as in the header, not scaled.</summary>
    public required int Window { get; init; }

    /// <summary>TTL or hop limit; null if a text trace does not show it.</summary>
    public required int? TimeToLive { get; init; }

    /// <summary>IPv4 identification; 0 for IPv6; null if a text trace does not show it.</summary>
    public required int? IpIdentification { get; init; }

    /// <summary>The number of consecutive segments of the same kind.</summary>
    public required int Count { get; init; }

    /// <summary>A remark; empty for most events.</summary>
    public required string Note { get; init; }

    internal RawCapture? RawCapture { get; init; }

    /// <summary>
    /// Returns the first bytes of its frame, or null if the event is not in the evidence or <see cref="AnalyzerOptions.IncludePacket"/> was not set.
    /// It is a method because serializers write all properties.
    /// </summary>
    public RawCapture? GetRawCapture() => RawCapture;

    /// <summary>Compares by frame.</summary>
    public int CompareTo(CloseEvent? other) => other is null ? 1 : (Frame, Kind).CompareTo((other.Frame, other.Kind));

    /// <summary>Returns the event as one line of text.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"#{Frame} {Time:HH:mm:ss.ffffff} {Side} [{Flags}] seq={RelativeSequence}");
        if (RelativeAcknowledgment is { } ack)
            text.Append(CultureInfo.InvariantCulture, $" ack={ack}");
        text.Append(CultureInfo.InvariantCulture, $" win={Window} len={Length}");
        if (Count > 1)
            text.Append(CultureInfo.InvariantCulture, $" ×{Count}");
        if (Note.Length > 0)
            text.Append(" (").Append(Note).Append(')');
        return DisplayText.Of(text.ToString());
    }
}

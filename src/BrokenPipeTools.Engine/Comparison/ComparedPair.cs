using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>One connection in two captures, and the paths of its packets between the two places.</summary>
/// <param name="Reference">The record in the first capture; null if that capture does not have the connection.</param>
/// <param name="Difference">The record in the second capture; null if that capture does not have the connection.</param>
/// <param name="Offset">Nanoseconds by which the clock of the second capture is ahead; null if it is not known.</param>
/// <param name="IsReferenceNearClient">Whether the first place is nearer to the client; null if that is not known.</param>
/// <param name="Paths">The paths from the client and from the server; empty if the order of the places is not known.</param>
internal sealed record ComparedPair(ConnectionClose? Reference, ConnectionClose? Difference, long? Offset, bool? IsReferenceNearClient, IReadOnlyList<PacketPath> Paths)
{
    public ConnectionComparison ToResult()
    {
        PairDiagnosis diagnosis = new(Paths, Reason());
        diagnosis.Decide();
        return new ConnectionComparison(Reference, Difference)
        {
            Explanation = diagnosis.Explanation,
            Verdict = diagnosis.Verdict,
            Confidence = diagnosis.Confidence,
            Sender = diagnosis.Sender,
            FirstLostFrame = diagnosis.FirstLostFrame,
            ClockOffset = Offset is { } ahead ? Nanoseconds.ToSeconds(ahead) : null,
            NearClient = IsReferenceNearClient is { } isNear ? isNear ? nameof(Reference) : nameof(Difference) : null,
            Packets = [.. diagnosis.Packets.Select(Shown)],
        };
    }

    private string? Reason() =>
        Paths.Count == 0 ? "Only one of the two captures has the connection, and the server accepted it: it may have taken another path, or the other capture lacks its handshake."
        : IsReferenceNearClient is null ? "It is not known which of the two places is nearer to the client: neither the handshake nor the TTLs show this."
        : Offset is null ? "The clocks of the two captures cannot be compared: no connection has its SYN and SYN-ACK, or both FINs, in both."
        : null;

    private ComparedPacket Shown(TracedPacket packet)
    {
        bool isSentAtReference = packet.Side == StepSide.Client == (IsReferenceNearClient ?? true);
        return new ComparedPacket
        {
            Side = packet.Side,
            Kind = packet.Kind,
            Fate = packet.Fate,
            ReferenceFrame = (isSentAtReference ? packet.Sent : packet.Arrived)?.Frame,
            DifferenceFrame = (isSentAtReference ? packet.Arrived : packet.Sent)?.Frame,
            Changes = packet.Changes,
        };
    }
}

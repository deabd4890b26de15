using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>The ICMP errors about a connection.</summary>
internal sealed partial class Connection
{
    /// <summary>The senders of ICMP errors about the connection; null if there are none.</summary>
    public IcmpReports? Icmp => Extras?.Icmp;

    /// <summary>Handles a segment of this connection that an ICMP error quotes.</summary>
    public void ObserveQuoted(in Segment s, int quotedSender)
    {
        if (!HasSegments)
            return; // no segment of the connection was captured yet: there is no first frame or time to count from
        bool counts = IsInFlight(s, Side(quotedSender), Side(1 - quotedSender));
        if (counts)
            (NeedExtras().Icmp ??= new IcmpReports()).Add(s, quotedSender, Since(FirstFrame, s.Frame));
        Record(s, quotedSender, counts ? ObservationKind.IcmpError : ObservationKind.StrayIcmpError);
        _log.Newest().Icmp = s.Icmp;
    }

    /// <summary>
    /// Returns whether a quoted number lies between the first unacknowledged one and the next one to send: tcp_v4_err() and tcp_v6_err() ignore any
    /// other (RFC 5927, section 4). True if the capture does not show these numbers.
    /// </summary>
    private static bool IsInFlight(in Segment quoted, in Side own, in Side peer)
    {
        if (!own.Sent.IsKnown)
            return true;
        SequenceNumber first = peer.Has(SideMarks.HasAcknowledged) ? peer.Acknowledged : own.Sent.First;
        return quoted.Sequence.IsAtOrAfter(first) && own.Sent.Next.IsAtOrAfter(quoted.Sequence);
    }
}

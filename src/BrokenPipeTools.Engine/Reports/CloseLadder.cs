using System.Globalization;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reports;

/// <summary>Builds the closing ladder, packet by packet, from the observations that were kept.</summary>
internal static class CloseLadder
{
    /// <param name="c">The connection.</param>
    /// <param name="client">The end that is the client.</param>
    /// <param name="evidence">The numbers of the frames whose bytes are added, if the connection has them.</param>
    public static RecordList<CloseEvent> Build(Connection c, int client, IReadOnlySet<long> evidence)
    {
        ref readonly ObservationLog log = ref c.Log;
        List<CloseEvent> events = [];
        for (int i = CloseSequence.Start(c); i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            ref readonly Side sender = ref c.Side(o.Sender);
            ref readonly Side peer = ref c.Side(1 - o.Sender);
            long frame = c.FirstFrame + o.Frame;
            events.Add(new CloseEvent
            {
                Frame = frame,
                Time = Nanoseconds.ToTime(c.StartTime + o.Time),
                Side = o.Sender == client ? "Client" : "Server",
                Kind = o.Kind,
                Flags = o.Flags,
                RelativeSequence = o.Sequence.CountFrom(sender.BaseSequence),
                RelativeAcknowledgment = (o.Flags & TcpFlags.Ack) != 0 ? o.Acknowledgment.CountFrom(peer.BaseSequence) : null,
                Length = o.Length,
                Window = o.Window,
                TimeToLive = (c.Lacks & FrameLacks.TimeToLive) == 0 ? o.TimeToLive : null,
                IpIdentification = (c.Lacks & FrameLacks.Identification) == 0 ? o.IpIdentification : null,
                Count = o.Count,
                Note = Note(c, o, log.IsGapBefore(i) ? log.Omitted : 0),
                RawCapture = evidence.Contains(frame) && c.Frames?.Get(log, i) is { } bytes ? new RawCapture(bytes, c.StartTime + o.Time) : null,
            });
        }

        return [.. events];
    }

    private static string Note(Connection c, in Observation o, int omitted)
    {
        string note = o.Kind switch
        {
            ObservationKind.IcmpError => IcmpText.Describe(o.Icmp, c.Key.IsIPv6),
            ObservationKind.StrayIcmpError => $"{IcmpText.Describe(o.Icmp, c.Key.IsIPv6)}; quotes a sequence number that is not in flight, ignored",
            ObservationKind.Rst when !CloseClassifier.ResetTaken(c, o.Sender) || o.At < c.Side(o.Sender).EffectiveRstAt => Rejection(c, o),
            ObservationKind.Rst when (o.Flags & TcpFlags.Ack) == 0 && o.Window == 0 && (o.Marks & ObservationMarks.Unasked) == 0 => "probably no socket",
            ObservationKind.OverruledRst => "refused a SYN; a retransmission of it was accepted",
            ObservationKind.RefusedFin => "not accepted: its sender continued as if it had not sent it",
            ObservationKind.Retransmission => "retransmission",
            ObservationKind.KeepAlive => "keepalive probe",
            ObservationKind.KeepAliveAnswer => "answer to a keepalive probe",
            ObservationKind.ZeroWindow => "its receive window is zero",
            _ => "",
        };
        if (omitted == 0)
            return note;
        return $"{omitted} events before this omitted" + (note.Length > 0 ? "; " + note : "");
    }

    /// <summary>
    /// Returns the reason why a RST was not accepted: in SYN_SENT it must acknowledge the SYN (RFC 9293, section 3.10.7.3), later its sequence number
    /// must be the next one (RFC 5961, section 3.2).
    /// </summary>
    private static string Rejection(Connection c, in Observation o)
    {
        ref readonly Side sender = ref c.Side(o.Sender);
        ref readonly Side peer = ref c.Side(1 - o.Sender);
        bool isInSynSent = peer.Has(SideMarks.Syn) && !peer.Has(SideMarks.HasAcknowledged);
        if (isInSynSent)
        {
            string acknowledged = (o.Flags & TcpFlags.Ack) == 0 ? "no ACK" : string.Create(CultureInfo.InvariantCulture, $"ack={o.Acknowledgment.CountFrom(peer.BaseSequence)}");
            return $"not accepted: {acknowledged}, expected 1";
        }

        if (!peer.Has(SideMarks.HasAcknowledged) || !sender.Has(SideMarks.HasBase) || o.Sequence == peer.Acknowledged)
            return "not accepted";
        return string.Create(CultureInfo.InvariantCulture, $"not accepted: seq={o.Sequence.CountFrom(sender.BaseSequence)}, acknowledged up to {peer.Acknowledged.CountFrom(sender.BaseSequence)}");
    }
}

using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reports;

/// <summary>Finds the data of a connection that the capture lacks, as far as the connection's own segments show this.</summary>
internal static class CaptureLack
{
    private static readonly (FrameLacks Lack, CaptureQuality Named)[] TextLacks =
    [
        (FrameLacks.TimeToLive, CaptureQuality.NoTimeToLive),
        (FrameLacks.Identification, CaptureQuality.NoIdentification),
        (FrameLacks.Options, CaptureQuality.NoOptions),
        (FrameLacks.Window, CaptureQuality.NoWindowScale),
        (FrameLacks.Payload, CaptureQuality.NoPayload),
        (FrameLacks.AbsoluteNumbers, CaptureQuality.RelativeNumbers),
        (FrameLacks.Numbers, CaptureQuality.InferredNumbers),
        (FrameLacks.Date, CaptureQuality.NoDate),
        (FrameLacks.Time, CaptureQuality.NoTime),
    ];

    public static CaptureQuality Of(Connection c)
    {
        ref readonly Side a = ref c.Side(0);
        ref readonly Side b = ref c.Side(1);
        CaptureQuality quality = CaptureQuality.Complete;
        if ((a.Packets == 0 || b.Packets == 0) && (a.Has(SideMarks.HasAcknowledged) || b.Has(SideMarks.HasAcknowledged)))
            quality |= CaptureQuality.OneSided;
        if (!(a.Has(SideMarks.Syn) || b.Has(SideMarks.Syn)))
            quality |= CaptureQuality.MissingHandshake;
        if (HasGaps(a, b) || ResetShowsGap(c, 0) || ResetShowsGap(c, 1) || HasGaps(b, a) || HandshakeAnswer.IsMissing(c, 0) || HandshakeAnswer.IsMissing(c, 1))
            quality |= CaptureQuality.Gaps;
        bool isText = (c.Lacks & FrameLacks.Payload) != 0;
        if ((a.Has(SideMarks.SnappedPayload) || b.Has(SideMarks.SnappedPayload)) && !isText)
            quality |= CaptureQuality.Snapped;
        if (a.Has(SideMarks.BadChecksum) || b.Has(SideMarks.BadChecksum))
            quality |= CaptureQuality.BadChecksums;
        if (c.LatestTime > c.EndTime || c.EndTime < c.StartTime)
            quality |= CaptureQuality.OutOfTimeOrder;
        if (c.Duplicates > 0)
            quality |= CaptureQuality.Duplicates;
        return c.Lacks == FrameLacks.None ? quality : quality | OfText(c.Lacks);
    }

    private static CaptureQuality OfText(FrameLacks lacks)
    {
        CaptureQuality quality = CaptureQuality.Complete;
        foreach ((FrameLacks lack, CaptureQuality named) in TextLacks)
            quality |= (lacks & lack) != 0 ? named : 0;
        return quality;
    }

    /// <summary>
    /// Returns whether an accepted RST acknowledges bytes of the other side that the capture lacks. Only a plausible number of bytes counts.
    /// </summary>
    private static bool ResetShowsGap(Connection c, int end)
    {
        for (int i = 0; c.Side(end).Has(SideMarks.RstAck) && i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Kind == ObservationKind.Rst && o.Sender == end && (o.Flags & TcpFlags.Ack) != 0)
                return CloseClassifier.ResetTaken(c, end) && c.Side(1 - end).Sent.IsKnown && o.Acknowledgment.CountFrom(c.Side(1 - end).Sent.Next) - 1 < HandshakeAnswer.Reachable;
        }

        return false;
    }

    /// <summary>Returns whether the sequence and acknowledgment numbers of a connection show that the capture lacks segments of it.</summary>
    public static bool HasGaps(Connection c) => HasGaps(c.Side(0), c.Side(1)) || HasGaps(c.Side(1), c.Side(0));

    private static bool HasGaps(in Side x, in Side y) => x.Sent.HasGaps
        || (x.Sent.IsKnown && y.Has(SideMarks.HasAcknowledged) && y.Acknowledged.IsAfter(x.Sent.Next));
}

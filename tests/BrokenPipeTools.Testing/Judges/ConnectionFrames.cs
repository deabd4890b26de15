using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>The captured segments of one connection, with facts that need no interpretation.</summary>
internal sealed class ConnectionFrames(ConnectionClose record, IReadOnlyList<CapturedSegment> all)
{
    private readonly int _client = ClientEnd(record);

    public IReadOnlyList<CapturedSegment> Segments { get; } = [.. all.Where(s => !s.Segment.IsQuoted)];

    public IReadOnlyList<CapturedSegment> Quoted { get; } = [.. all.Where(s => s.Segment.IsQuoted)];

    public bool AnyReset => Segments.Any(s => s.Has(TcpFlags.Rst));

    public bool AnyFin => Segments.Any(s => s.Has(TcpFlags.Fin));

    /// <summary>Whether a segment may be a keepalive or window probe: it has at most one byte, below its sender's earlier numbers.</summary>
    public bool AnyProbe => Segments.Any(IsProbe);

    public IEnumerable<CapturedSegment> From(bool client) => Segments.Where(s => IsClients(s) == client);

    public bool IsClients(CapturedSegment s) => s.Sender == _client;

    /// <summary>Returns all segments with this frame number.</summary>
    public IEnumerable<CapturedSegment> At(long frame) => all.Where(s => s.Segment.Frame == frame);

    public bool IsProbe(CapturedSegment s) => s.Segment.PayloadLength <= 1 && !s.Has(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst)
        && Segments.Any(before => before.Sender == s.Sender && before.Segment.Frame <= s.Segment.Frame && before.Segment.EndSequence.IsAfter(s.Segment.Sequence));

    /// <summary>
    /// Returns whether a segment of the same sender with the same first sequence number, or a higher one, was captured before. A second FIN right after
    /// the first repeats it.
    /// </summary>
    public bool IsRepeat(CapturedSegment s) => IsProbe(s) || (s.Segment.EndSequence != s.Segment.Sequence
        && Segments.Any(before => before.Sender == s.Sender && before.Segment.Frame < s.Segment.Frame
            && (before.Segment.EndSequence.IsAfter(s.Segment.Sequence) || (before.Has(TcpFlags.Fin) && s.Has(TcpFlags.Fin) && before.Segment.EndSequence == s.Segment.Sequence))));

    /// <summary>
    /// Returns the payload bytes of a side above the highest acknowledgment of the other side. Returns 0 if the other side acknowledged nothing at
    /// all (it may not have been captured), and for a TLS alert after the other side's FIN.
    /// </summary>
    public long Unacknowledged(bool client)
    {
        CapturedSegment[] answers = [.. From(!client).Where(s => s.Has(TcpFlags.Ack) && !s.Has(TcpFlags.Rst))];
        CapturedSegment[] payload = [.. From(client).Where(s => s.Segment.PayloadLength > 0 && !s.Has(TcpFlags.Rst | TcpFlags.Syn))];
        if (answers.Length == 0 || payload.Length == 0)
            return 0;
        SequenceNumber acknowledged = answers[0].Segment.Acknowledgment;
        foreach (CapturedSegment s in answers)
            acknowledged = s.Segment.Acknowledgment.IsAfter(acknowledged) ? s.Segment.Acknowledgment : acknowledged;
        CapturedSegment[] late = [.. payload.Where(s => s.Segment.Sequence.Add(s.Segment.PayloadLength).IsAfter(acknowledged))];
        if (late.Length == 0 || late.All(s => s.IsTlsClosureAlert))
            return 0;
        SequenceNumber highest = acknowledged;
        foreach (CapturedSegment s in late)
            highest = s.Segment.Sequence.Add(s.Segment.PayloadLength).IsAfter(highest) ? s.Segment.Sequence.Add(s.Segment.PayloadLength) : highest;
        return highest.CountFrom(acknowledged);
    }

    /// <summary>Returns the lengths of the gaps before segments that begin above everything that their side had sent before.</summary>
    public IEnumerable<long> Gaps(bool client)
    {
        SequenceNumber? next = null;
        foreach (CapturedSegment s in From(client).Where(s => !s.Has(TcpFlags.Rst) && s.Segment.HasLength))
        {
            if (next is { } expected && s.Segment.Sequence.IsAfter(expected))
                yield return s.Segment.Sequence.CountFrom(expected);
            next = next is { } highest && !s.Segment.EndSequence.IsAfter(highest) ? highest : s.Segment.EndSequence;
        }
    }

    private static int ClientEnd(ConnectionClose record)
    {
        (ushort port0, ushort port1) = (record.Connection.Key.Port0, record.Connection.Key.Port1);
        if (port0 != port1)
            return record.ClientPort == port0 ? 0 : 1;
        return record.ClientAddress == record.Connection.Key.Address0.ToAddress(record.Connection.Key.IsIPv6).ToString() ? 0 : 1;
    }
}

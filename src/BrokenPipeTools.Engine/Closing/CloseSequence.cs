using System.Buffers;
using System.Text;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Closing;

/// <summary>
/// The closing in one line, one entry per packet, as in <c>S:FIN C:ACK C:DATA(5) S:RST</c>. C is the client, S the server, a number in parentheses the
/// payload bytes, ×n the number of repetitions. The line begins with the first closing packet, or with the segment that it answers.
/// </summary>
internal static class CloseSequence
{
    /// <summary>The most bytes of one entry, including its count and the note on omitted entries before it.</summary>
    private const int LongestEntry = 64;

    public static string Describe(Connection c, int client)
    {
        ArrayBufferWriter<byte> text = new(256);
        Write(c, client, text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Writes the sequence as UTF-8, without an intermediate string.</summary>
    public static void Write(Connection c, int client, IBufferWriter<byte> output)
    {
        ref readonly ObservationLog log = ref c.Log;
        int start = Start(c);
        for (int i = start; i < log.Kept;)
        {
            ref readonly Observation first = ref log.Get(i);
            int run = 1;
            int count = first.Count;
            while (i + run < log.Kept && !log.IsGapBefore(i + run) && IsSame(first, log.Get(i + run)))
                count += log.Get(i + run++).Count;

            Utf8Span text = new(output.GetSpan(LongestEntry));
            if (i > start)
                text.Append(" "u8);
            if (log.IsGapBefore(i))
                text.Append("…"u8).Append(log.Omitted).Append("… "u8);
            Write(ref text, first, client, IsCounted(first) ? count : 1);
            output.Advance(text.Length);
            i += run;
        }
    }

    /// <summary>
    /// Returns the place in the log at which the closing begins: the first FIN or RST, or the segment that a RST answers. Without a FIN or RST it is
    /// the first unanswered SYN or retransmission, if there is one.
    /// </summary>
    public static int Start(Connection c)
    {
        ref readonly ObservationLog log = ref c.Log;
        if (c.ClosingIndex >= 0)
            return log.IndexOf(c.ClosingIndex);
        bool neverOpened = log.Kept > 0 && log.Get(0).Kind == ObservationKind.Syn && (log.Kept == 1 || log.Get(1).Kind != ObservationKind.SynAck);
        if (neverOpened)
            return 0;
        for (int i = 0; i < log.Kept; i++)
        {
            if (log.Get(i).IsIcmp || log.Get(i).Kind is ObservationKind.Retransmission or ObservationKind.KeepAlive)
                return i;
        }

        return log.Kept;
    }

    /// <summary>Returns the abbreviation of a kind of observation.</summary>
    public static ReadOnlySpan<byte> Abbreviation(ObservationKind kind) => kind switch
    {
        ObservationKind.Syn => "SYN"u8,
        ObservationKind.SynAck => "SYN-ACK"u8,
        ObservationKind.Ack => "ACK"u8,
        ObservationKind.Data => "DATA"u8,
        ObservationKind.Fin or ObservationKind.RefusedFin => "FIN"u8,
        ObservationKind.Rst or ObservationKind.OverruledRst => "RST"u8,
        ObservationKind.Retransmission => "REXMIT"u8,
        ObservationKind.KeepAlive => "KEEPALIVE"u8,
        ObservationKind.KeepAliveAnswer => "KEEPALIVE-ACK"u8,
        ObservationKind.ZeroWindow => "ZEROWINDOW"u8,
        ObservationKind.IcmpError or ObservationKind.StrayIcmpError => "ICMP"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>
    /// Returns whether consecutive observations of this kind are shown as one entry with a number. (Consecutive payload and acknowledgments are
    /// already one observation.)
    /// </summary>
    private static bool IsCounted(in Observation o) => !o.IsIcmp && o.Kind is not (ObservationKind.Data or ObservationKind.Ack);

    private static bool IsSame(in Observation a, in Observation b) =>
        IsCounted(a) && a.Kind == b.Kind && a.Sender == b.Sender && (a.Length == b.Length || a.Kind == ObservationKind.Rst);

    private static void Write(ref Utf8Span text, in Observation o, int client, int count)
    {
        text.Append(o.Sender == client ? "C:"u8 : "S:"u8).Append(Abbreviation(o.Kind));
        if (o.IsIcmp)
            text.Append("("u8).Append(o.Icmp.Type).Append("/"u8).Append(o.Icmp.Code).Append(")"u8);
        else if (o.Length > 0 && o.Kind != ObservationKind.KeepAlive)
            text.Append("("u8).Append(o.Length).Append(")"u8);
        if (count > 1)
            text.Append("×"u8).Append(count);
    }
}

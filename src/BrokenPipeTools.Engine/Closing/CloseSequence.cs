using System.Globalization;
using System.Text;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Closing;

/// <summary>
/// The closing in one line: who sent what from the first closing packet on (and the segment it answers), as in
/// <c>S:FIN C:ACK C:DATA(5) S:RST</c>. C is the client, S the server, a number in parentheses payload bytes, ×n repetitions.
/// </summary>
internal static class CloseSequence
{
    public static string Describe(Connection c, int client)
    {
        ref readonly ObservationLog log = ref c.Log;
        int start = Start(c);
        if (start >= log.Kept)
            return "";
        StringBuilder text = new();
        for (int i = start; i < log.Kept;)
        {
            if (log.IsGapBefore(i))
                text.Append(CultureInfo.InvariantCulture, $"…{log.Omitted}… ");
            ref readonly Observation first = ref log.Get(i);
            int run = 1;
            int count = first.Count;
            while (i + run < log.Kept && !log.IsGapBefore(i + run) && IsSame(first, log.Get(i + run)))
                count += log.Get(i + run++).Count;
            Append(text, first, client, first.Kind is ObservationKind.Data or ObservationKind.Ack ? run : count);
            i += run;
        }

        return text.ToString(0, text.Length - 1);
    }

    /// <summary>
    /// Where the closing begins: at the first FIN or RST, or at the segment that a RST answers. Where there is neither, SYNs or
    /// repeated segments that nobody answered are the story, if there are any.
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
            if (log.Get(i).Kind is ObservationKind.Retransmission or ObservationKind.KeepAlive or ObservationKind.IcmpError)
                return i;
        }

        return log.Kept;
    }

    /// <summary>The word for one kind of moment.</summary>
    public static string Word(ObservationKind kind) => kind switch
    {
        ObservationKind.Syn => "SYN",
        ObservationKind.SynAck => "SYN-ACK",
        ObservationKind.Ack => "ACK",
        ObservationKind.Data => "DATA",
        ObservationKind.Fin => "FIN",
        ObservationKind.Rst => "RST",
        ObservationKind.Retransmission => "REXMIT",
        ObservationKind.KeepAlive => "KEEPALIVE",
        ObservationKind.KeepAliveAnswer => "KEEPALIVE-ACK",
        ObservationKind.ZeroWindow => "ZEROWINDOW",
        ObservationKind.IcmpError => "ICMP",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static bool IsSame(in Observation a, in Observation b) =>
        a.Kind == b.Kind && a.Sender == b.Sender && a.Kind is not (ObservationKind.Data or ObservationKind.Ack or ObservationKind.IcmpError)
        && (a.Length == b.Length || a.Kind == ObservationKind.Rst);

    private static void Append(StringBuilder text, in Observation o, int client, int count)
    {
        text.Append(o.Sender == client ? "C:" : "S:").Append(Word(o.Kind));
        if (o.Kind == ObservationKind.IcmpError)
            text.Append(CultureInfo.InvariantCulture, $"({o.IcmpType}/{o.IcmpCode})");
        else if (o.Length > 0 && o.Kind != ObservationKind.KeepAlive)
            text.Append(CultureInfo.InvariantCulture, $"({o.Length})");
        if (count > 1)
            text.Append(CultureInfo.InvariantCulture, $"×{count}");
        text.Append(' ');
    }
}

using System.Buffers;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Closing;

/// <summary>
/// Zeek's conn_state: one word for the course of a connection, derived from the states of its two ends
/// (https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html).
/// </summary>
internal static class ZeekState
{
    private static readonly SearchValues<char> SignsOfMore = SearchValues.Create("HAFGIQ");

    public static string Of(Connection c)
    {
        ref readonly ZeekView zeek = ref c.Zeek;
        ZeekEndState o = zeek.OriginatorState;
        ZeekEndState r = zeek.ResponderState;
        bool anyPayload = c.Side(0).PayloadBytes + c.Side(1).PayloadBytes > 0;
        bool originatorSilent = o is ZeekEndState.Inactive or ZeekEndState.Partial;
        bool responderSilent = r is ZeekEndState.Inactive or ZeekEndState.Partial;
        return (o, r) switch
        {
            (ZeekEndState.SynSent or ZeekEndState.SynAckSent, ZeekEndState.Reset) => "REJ",
            (ZeekEndState.Reset, ZeekEndState.Reset) when !anyPayload => "REJ",
            (_, ZeekEndState.Reset) => originatorSilent ? "RSTRH" : "RSTR",
            (ZeekEndState.Reset, _) => !responderSilent ? "RSTO" : IsSynThenRst(zeek.History) ? "RSTOS0" : "OTH",
            (ZeekEndState.Closed, ZeekEndState.Closed) => "SF",
            (ZeekEndState.Closed, _) => responderSilent ? "SH" : "S2",
            (_, ZeekEndState.Closed) => originatorSilent ? "SHR" : "S3",
            (ZeekEndState.SynSent, ZeekEndState.Inactive) => "S0",
            (ZeekEndState.Established, ZeekEndState.Established) => "S1",
            _ => "OTH",
        };
    }

    /// <summary>Returns whether the originator sent only a SYN and then a RST.</summary>
    private static bool IsSynThenRst(string history)
    {
        ReadOnlySpan<char> letters = history.AsSpan().TrimStart('^');
        if (letters.IsEmpty || letters[0] != 'S')
            return false;
        letters = letters[1..];
        int stop = letters.IndexOfAny(SignsOfMore);
        return (stop < 0 ? letters : letters[..stop]).Contains('R');
    }
}

using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>Finds the host on which the capture was made, from the packets' directions, if the capture has those.</summary>
internal static class CaptureSide
{
    private const SideMarks Directions = SideMarks.Incoming | SideMarks.Outgoing | SideMarks.Passing;

    /// <summary>
    /// Returns the end on the capturing host: all its packets went out, and none of the other end's did. A router also sends the packets that it
    /// forwards, but with a TTL below the usual initial values. Returns -1 if no end is on the capturing host or if the directions contradict each
    /// other, as on loopback.
    /// </summary>
    public static int LocalEnd(Connection c) => IsSentHere(c.Side(0), c.Side(1)) ? 0 : IsSentHere(c.Side(1), c.Side(0)) ? 1 : -1;

    /// <summary>Returns whether a RST came in although the other packets with its source address go out.</summary>
    public static bool ResetCameIn(CloseFacts facts) => Has(facts, SideMarks.Outgoing, SideMarks.RstIncoming);

    /// <summary>Returns whether a RST went out although the other packets with its source address come in.</summary>
    public static bool ResetWentOut(CloseFacts facts) => Has(facts, SideMarks.Incoming, SideMarks.RstOutgoing);

    /// <summary>Returns whether a RST went out with the address of the end on the capturing host. Then no device on the path sent it.</summary>
    public static bool ResetIsOwn(CloseFacts facts) => LocalEnd(facts.Connection) == facts.ResetSender && Has(facts, SideMarks.Outgoing, SideMarks.RstOutgoing);

    private static bool IsSentHere(in Side x, in Side y) =>
        (x.Marks & Directions) == SideMarks.Outgoing && (y.Marks & Directions) is SideMarks.Incoming or SideMarks.None
        && x.TimeToLive is 64 or 128 or 255 && !x.Has(SideMarks.SeveralTimeToLives);

    private static bool Has(CloseFacts facts, SideMarks own, SideMarks reset)
    {
        ref readonly Side x = ref facts.Connection.Side(facts.ResetSender);
        return x.EffectiveRstAt == facts.Reset.At && !facts.ResetWasForwarded
            && (x.Marks & Directions) == own && (x.Marks & (SideMarks.RstIncoming | SideMarks.RstOutgoing)) == reset;
    }
}

using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>Finds the host that captured, from the packets' directions, if the capture has those.</summary>
internal static class CaptureSide
{
    private const SideMarks Directions = SideMarks.Incoming | SideMarks.Outgoing | SideMarks.Passing;

    /// <summary>
    /// The end whose packets the capturing host sent itself: they all went out, and the other end's did not. A router sends the packets that it
    /// forwards, too, but with a TTL below the ones that hosts begin with. -1 for none, as on loopback or if directions contradict.
    /// </summary>
    public static int LocalEnd(Connection c) => IsSentHere(c.Side(0), c.Side(1)) ? 0 : IsSentHere(c.Side(1), c.Side(0)) ? 1 : -1;

    /// <summary>Whether a RST came in with the address of an end whose own packets go out.</summary>
    public static bool ResetCameIn(CloseFacts facts) => Has(facts, SideMarks.Outgoing, SideMarks.RstIncoming);

    /// <summary>Whether a RST went out with the address of an end whose own packets come in.</summary>
    public static bool ResetWentOut(CloseFacts facts) => Has(facts, SideMarks.Incoming, SideMarks.RstOutgoing);

    /// <summary>Whether a RST went out with the address of the capturing end: no device on the path sent it.</summary>
    public static bool ResetIsOwn(CloseFacts facts) => LocalEnd(facts.Connection) == facts.ResetSender && Has(facts, SideMarks.Outgoing, SideMarks.RstOutgoing);

    private static bool IsSentHere(in Side x, in Side y) =>
        (x.Marks & Directions) == SideMarks.Outgoing && (y.Marks & Directions) is SideMarks.Incoming or SideMarks.None
        && x.TimeToLive is 64 or 128 or 255 && !x.Has(SideMarks.SeveralTimeToLives);

    private static bool Has(CloseFacts facts, SideMarks own, SideMarks reset)
    {
        ref readonly Side x = ref facts.Connection.Side(facts.ResetSender);
        return x.EffectiveRstAt == facts.Reset.Frame + 1
            && (x.Marks & Directions) == own && (x.Marks & (SideMarks.RstIncoming | SideMarks.RstOutgoing)) == reset;
    }
}

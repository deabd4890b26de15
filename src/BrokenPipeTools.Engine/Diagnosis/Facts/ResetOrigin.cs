using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>
/// Decides whether the host with the source address of a RST sent it. Each sign is something that the host's own stack does not produce: RSTs of
/// Linux have the host's TTL and an IP ID of 0 or the next one of the flow, and come no sooner than the host can answer. (The tests of the sequence
/// numbers are from Weaver, Sommer and Paxson, "Detecting Forged TCP Reset Packets", NDSS 2009.)
/// </summary>
internal static class ResetOrigin
{
    /// <summary>Seconds. Shorter round trips are not compared, because the clock of a capture on a busy host is not more precise.</summary>
    private const double MeasurableDelay = 0.005;

    /// <summary>A share of the handshake's round trip. If an answer takes less, its sender is nearer than the host.</summary>
    private const double TooSoon = 0.25;

    /// <summary>
    /// A divisor of the host's usual window. A RST's window that differs from it by less than this part may be the host's own, because two hosts of
    /// the same kind have similar windows.
    /// </summary>
    private const int WindowStep = 8;

    /// <summary>Returns the signs that the host did not send the RST; empty if there are none.</summary>
    public static IReadOnlyList<Finding.Mark> Signs(CloseFacts facts)
    {
        if (!facts.ResetAt.Exists || !facts.Connection.Side(facts.ResetSender).Has(SideMarks.AnyButReset) || CaptureSide.ResetIsOwn(facts))
            return [];
        List<Finding.Mark> signs = [];
        ref readonly Side own = ref facts.Connection.Side(facts.ResetSender);
        ref readonly Observation reset = ref facts.Reset;

        // After its own FIN, a host may send a RST for a socket that no longer exists. A device on the path has no reason to send one then.
        if (facts.SentFinBefore(facts.ResetSender) && !own.Has(SideMarks.AliveAfterRst))
            return [];
        if (facts.ResetHasOtherTimeToLive && !facts.IsScan)
            signs.Add(new(facts.ResetAt, $"its TTL is {reset.TimeToLive}; that host's packets arrive with TTL {own.TimeToLive}"));
        if (CaptureSide.ResetCameIn(facts))
            signs.Add(new(facts.ResetAt, "it came in from the network, but that host's packets went out from the capturing host"));
        if (CaptureSide.ResetWentOut(facts))
            signs.Add(new(facts.ResetAt, "it went out from the capturing host, but that host's packets came in"));
        if (facts.AnsweredAt.Exists)
            AddCopies(facts, signs);
        if (own.Has(SideMarks.AliveAfterRst))
            signs.Add(new(facts.ResetAt, "the host continued to use the connection after it"));
        ResetNumbers.AddSigns(facts, signs);
        if (facts.TriggerAt.Exists && facts.QuickestOfServer >= MeasurableDelay && facts.ResetSender != facts.Client
            && facts.Between(facts.TriggerAt, facts.ResetAt) < facts.QuickestOfServer * TooSoon)
        {
            signs.Add(new(facts.ResetAt, $"it came {Words.Seconds(facts.Between(facts.TriggerAt, facts.ResetAt))} after the packet that it answers, but {(facts.QuickestOfServer < facts.HandshakeDelay ? "that host's fastest answer" : "the handshake")} took {Words.Seconds(facts.QuickestOfServer)}"));
        }

        return signs.Count == 1 && facts.ResetIsOneHopOff && facts.Shape != ResetShape.Stateless ? [] : signs;
    }

    /// <summary>
    /// Adds the sign that the RST has header values of a packet of the other side. A device that makes a RST from a packet that it forwards may keep
    /// them.
    /// </summary>
    private static void AddCopies(CloseFacts facts, List<Finding.Mark> signs)
    {
        ref readonly Observation reset = ref facts.Reset;
        ref readonly Observation trigger = ref facts.Connection.Log.Get(facts.AnsweredAt);
        ref readonly Side own = ref facts.Connection.Side(facts.ResetSender);
        bool continuesOwn = reset.IpIdentification != 0 && (ushort)(reset.IpIdentification - own.IpIdentification) <= ResetRule.CounterStep;
        if (continuesOwn)
            return;
        if (reset.IpIdentification != 0 && reset.IpIdentification == trigger.IpIdentification)
            signs.Add(new(facts.ResetAt, $"its IP ID is that of the packet that it answers ({reset.IpIdentification})"));
        bool hasWindows = (facts.Connection.Lacks & FrameLacks.Window) == 0;
        if (hasWindows && reset.Window != 0 && reset.Window == trigger.Window && Math.Abs(reset.Window - own.Window) > own.Window / WindowStep)
            signs.Add(new(facts.ResetAt, $"its window is that of the packet that it answers ({reset.Window})"));
    }
}

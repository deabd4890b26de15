using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Refines the diagnosis with the captured packets. A probe itself has only the results and the order of its calls. Only packets show which host sent
/// a RST, and which packets were lost.
/// </summary>
internal static class PacketDiagnosis
{
    public static ProbeFinding Better(TeardownObservation seen, ProbeFinding own)
    {
        if (seen.Packets is not { } packets || !IsOfTheNetwork(packets.Cause) || packets.Confidence < own.Confidence || (packets.Cause == own.Cause && packets.Confidence == own.Confidence))
            return own;

        // A silence may come from the path or from a device. Only the second connection shows which one; the packets of the first connection do not.
        if (seen.Mechanism == CloseMechanism.Silence && seen.Reconnect is not null)
            return own;
        return own with
        {
            Cause = packets.Cause,
            Confidence = packets.Confidence,
            Explanation = $"{own.Explanation} In the packets: {packets.Explanation}",
            Alternatives = [.. packets.Alternatives],
        };
    }

    private static bool IsOfTheNetwork(Cause cause) => cause is Cause.MiddleboxReset or Cause.StateExpired or Cause.SilentDrop or Cause.NetworkUnreachable or Cause.ConnectionRefused
        or Cause.AcceptQueueOverflow or Cause.ZeroWindowStall or Cause.StalePortReuse;
}

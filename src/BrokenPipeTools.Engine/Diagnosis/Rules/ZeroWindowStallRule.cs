using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.8.6.1: a receiver that does not read closes its window, and the sender may then only probe. The connection is ended by
/// TCP_USER_TIMEOUT (RFC 5482) or by the program.
/// </summary>
internal sealed class ZeroWindowStallRule : CauseRule
{
    public override Cause Cause => Cause.ZeroWindowStall;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.Open, CloseState.TimedOut];

    public override string Summary => "The receiver stopped reading; the sender waits for its window to open, or the connection ended while it waited.";

    public override string Advice => "Find out why the receiver does not read (a blocked thread, a full queue). On the sender, TCP_USER_TIMEOUT or a send time-out limits the waiting.";

    /// <summary>Seconds. A sender that resets the connection after it has waited this long for the window had a time-out for sending.</summary>
    private const double ShortestWait = 1;

    public override Confidence? Judge(CloseFacts facts)
    {
        int stalled = Stalled(facts);
        return stalled < 0 ? null : Confidence.Medium;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        int stalled = Stalled(facts);
        LogPlace shut = facts.Find(ObservationKind.ZeroWindow, 1 - stalled);
        string end = facts.State switch
        {
            CloseState.Reset when facts.Shape == ResetShape.Active => $" until it reset the connection (frame {facts.Frame(facts.ResetAt)})",
            CloseState.Reset => $" until the connection was given up: {facts.Host(facts.ResetSender)} had no socket any more (frame {facts.Frame(facts.ResetAt)})",
            CloseState.TimedOut => ", and then nothing was answered any more",
            _ => " until the end of the capture",
        };
        return $"{facts.NameFirst(1 - stalled)} stopped reading, and its window went to zero{(shut.Exists ? $" (frame {facts.Frame(shut)})" : "")}; {Waited(facts, stalled)}{end}. Writes wait as soon as the send buffer is full.";
    }

    /// <summary>Describes how the sender waited. Probes are mentioned only if the capture has some.</summary>
    private static string Waited(CloseFacts facts, int stalled) => facts.Find(ObservationKind.KeepAlive, stalled) is { Exists: true } probe
        ? $"{facts.Name(stalled)} could only send window probes (from frame {facts.Frame(probe)})"
        : "it did not open it again";

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => facts.State == CloseState.TimedOut
        ? [(Cause.SilentDrop, "the probes are not answered any more: the path drops them, or the other host is down")]
        : [];

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts)
    {
        LogPlace shut = facts.Find(ObservationKind.ZeroWindow, 1 - Stalled(facts));
        if (shut.Exists)
            yield return new(shut, "the window is zero");
    }

    /// <summary>Returns the end that waits for the other end to open its window; -1 if there is none.</summary>
    private static int Stalled(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            bool isShut = facts.Connection.Side(1 - end).Has(SideMarks.ZeroWindow);
            bool wasShut = facts.Find(ObservationKind.ZeroWindow, 1 - end).Exists;
            bool probed = facts.Count(ObservationKind.KeepAlive, end) > 0;
            bool abortedStall = isShut && facts.State == CloseState.Reset && !facts.ForgedResetAt.Exists && facts.ResetSender == end && facts.Shape == ResetShape.Active && WindowRemark.FindShut(facts, probed ? ShortestWait : WindowRemark.Long).Exists;
            bool gaveUp = facts.State == CloseState.Reset && facts.ResetSender == end && facts.Shape == ResetShape.Stateless && !facts.SentFinBefore(end);
            if ((isShut && facts.State is CloseState.Open or CloseState.TimedOut) || abortedStall || (wasShut && probed && gaveUp))
                return end;
        }

        return -1;
    }
}

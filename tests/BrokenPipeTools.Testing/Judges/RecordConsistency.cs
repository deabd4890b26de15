using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>
/// Compares a record with the frames of its connection and with itself: state, closer, frame numbers, predicted calls and the texts must be based on
/// the same facts. A contradiction has the form kind: detail.
/// </summary>
internal static class RecordConsistency
{
    private static readonly string[] IcmpErrors =
    [
        CallResultText.HostUnreachable, CallResultText.NetworkUnreachable, CallResultText.NoProtocol, CallResultText.AccessDenied, CallResultText.HostDown,
        CallResultText.NotSupported, CallResultText.NoNetwork, CallResultText.ProtocolError,
    ];

    public static IEnumerable<string> Contradictions(ConnectionClose r, ConnectionFrames f) =>
        [.. Frames(r, f), .. States(r, f), .. Closer(r), .. Calls(r, f), .. Causes(r), .. CallConsistency.Contradictions(r, f), .. TextConsistency.Contradictions(r, f), .. ClaimConsistency.Contradictions(r, f)];

    /// <summary>The calls that a side makes next, the client's connect included.</summary>
    public static string[] NextCalls(ConnectionClose r, bool client) => client ? [r.ClientRead, r.ClientWrite, r.Connect] : [r.ServerRead, r.ServerWrite];

    public static IEnumerable<string> AllCalls(ConnectionClose r) => [.. NextCalls(r, client: true), .. NextCalls(r, client: false)];

    private static IEnumerable<string> Frames(ConnectionClose r, ConnectionFrames f)
    {
        (string Name, long? Frame, TcpFlags Flag, bool Client)[] columns =
        [
            (nameof(r.ClientFinFrame), r.ClientFinFrame, TcpFlags.Fin, true), (nameof(r.ServerFinFrame), r.ServerFinFrame, TcpFlags.Fin, false),
            (nameof(r.ClientResetFrame), r.ClientResetFrame, TcpFlags.Rst, true), (nameof(r.ServerResetFrame), r.ServerResetFrame, TcpFlags.Rst, false),
        ];
        foreach ((string name, long? frame, TcpFlags flag, bool client) in columns)
        {
            if (frame is { } number && !f.At(number).Any(s => s.Has(flag) && !s.Segment.IsQuoted && f.IsClients(s) == client))
                yield return $"{name} is not such a frame: {number}";
        }
    }

    private static IEnumerable<string> States(ConnectionClose r, ConnectionFrames f)
    {
        bool bothFins = r is { ClientFinFrame: not null, ServerFinFrame: not null };
        bool anyFin = r.ClientFinFrame is not null || r.ServerFinFrame is not null;
        string? wrong = r.State switch
        {
            CloseState.Graceful when !bothFins => "without both FINs",
            CloseState.Graceful when f.Unacknowledged(true) + f.Unacknowledged(false) > 0 => $"with {f.Unacknowledged(true)} and {f.Unacknowledged(false)} bytes unacknowledged",
            CloseState.Graceful when Unacked(r) > 0 && f.Segments.All(s => !s.IsTlsClosureAlert) => $"with {Unacked(r)} bytes unacknowledged in the record",
            CloseState.HalfClosed when !anyFin => "without a FIN",
            CloseState.Reset or CloseState.Refused when !f.AnyReset => "without a RST",
            CloseState.Open when anyFin && !f.AnyReset => "with a FIN",
            CloseState.Unanswered when f.Segments.Any(s => (s.Segment.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == (TcpFlags.Syn | TcpFlags.Ack)) => "with a SYN-ACK",
            _ => null,
        };
        if (wrong is not null)
            yield return $"State {r.State} {wrong}: {r.Sequence}";
    }

    private static long Unacked(ConnectionClose r) => (r.ClientUnacked ?? 0) + (r.ServerUnacked ?? 0);

    /// <summary>Returns whether both FINs were captured in the wrong order, and the record explains it.</summary>
    private static bool IsOutOfOrder(ConnectionClose r) => r is { ClientFinFrame: not null, ServerFinFrame: not null }
        && r.Explanation.Contains("the frames are out of order", StringComparison.Ordinal);

    private static IEnumerable<string> Closer(ConnectionClose r)
    {
        long client = Math.Min(r.ClientFinFrame ?? long.MaxValue, r.ClientResetFrame ?? long.MaxValue);
        long server = Math.Min(r.ServerFinFrame ?? long.MaxValue, r.ServerResetFrame ?? long.MaxValue);
        string? wrong = r.ClosedBy switch
        {
            ClosedBy.Client or ClosedBy.Server when IsOutOfOrder(r) => null,
            ClosedBy.Client when client == long.MaxValue || client > (r.ServerFinFrame ?? long.MaxValue) => "closed nothing, or later",
            ClosedBy.Server when server == long.MaxValue || server > (r.ClientFinFrame ?? long.MaxValue) => "closed nothing, or later",
            ClosedBy.Both when r.ClientFinFrame is null || r.ServerFinFrame is null => "did not both send FIN",
            ClosedBy.None when r.State is CloseState.Graceful or CloseState.HalfClosed or CloseState.Reset or CloseState.Refused => $"although {r.State}",
            _ => null,
        };
        if (wrong is not null)
            yield return $"ClosedBy {r.ClosedBy} {wrong}: {r.Sequence}";
    }

    private static IEnumerable<string> Calls(ConnectionClose r, ConnectionFrames f)
    {
        foreach (bool client in (bool[])[true, false])
        {
            string side = client ? "client" : "server";
            foreach (string call in NextCalls(r, client).Distinct())
            {
                string? lacking = call switch
                {
                    CallResultText.Reset when !f.AnyReset => "RST",
                    CallResultText.Refused when !f.AnyReset && f.Quoted.Count == 0 => "RST or ICMP error",
                    CallResultText.TimedOut when !f.From(client).Any(f.IsRepeat) => "repeated segment",
                    CallResultText.BrokenPipe when !HasConnectFailed(r, client) && !f.AnyFin && !f.AnyReset && !IcmpErrors.Any(e => AllCalls(r).Contains(e)) && f.Quoted.Count == 0 => "FIN or RST",
                    _ when IcmpErrors.Contains(call) && f.Quoted.Count == 0 => "ICMP error",
                    _ => null,
                };
                if (lacking is not null)
                    yield return $"{call} of the {side} without a {lacking}: {r.Sequence}";
            }
        }
    }

    private static bool HasConnectFailed(ConnectionClose r, bool client) => client && r.Connect is not (CallResultText.Ok or CallResultText.Blocks or CallResultText.NoSocket);

    private static IEnumerable<string> Causes(ConnectionClose r)
    {
        if (r.Alternatives.Any(a => a.Cause == r.Cause))
            yield return $"{r.Cause} is its own alternative";
        foreach (Cause twice in r.Alternatives.GroupBy(a => a.Cause).Where(g => g.Count() > 1).Select(g => g.Key))
            yield return $"{r.Cause} has the alternative {twice} twice";
        bool contradictsCalls = r.Cause == Cause.NormalClose && AllCalls(r).Contains(CallResultText.TimedOut);
        if (contradictsCalls)
            yield return $"NormalClose beside ETIMEDOUT: {r.Sequence}";
        if (r.Cause == Cause.IdleTimeout && AllCalls(r).Contains(CallResultText.TimedOut))
            yield return $"IdleTimeout beside ETIMEDOUT: {r.Sequence}";
        // A firewall's refusal is the same packet as a host's. The other two state the same: a device sent the RST.
        if (r.Confidence == Confidence.High && r.State != CloseState.Refused && r.Alternatives.Any(a => !(r.Cause is Cause.StateExpired or Cause.MiddleboxReset && a.Cause is Cause.StateExpired or Cause.MiddleboxReset)))
            yield return $"{r.Cause} High beside an alternative: {string.Join("; ", r.Alternatives)}";
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>
/// Compares the conclusions in the texts of a record with its frames: on heartbeats, on probes, on answers, and on a side that was not captured.
/// </summary>
internal static partial class ClaimConsistency
{
    public static IEnumerable<string> Contradictions(ConnectionClose r, ConnectionFrames f)
    {
        string all = string.Join(" | ", [r.Explanation, .. r.Alternatives.Select(a => a.Why), .. r.Evidence.Select(e => e.Shows)]);
        return
        [
            .. Answers(r, f), .. Heartbeats(r, f), .. Unseen(r, f), .. EarlierFin(r), .. Calls(r),
            .. NoTimeToLive().IsMatch(all) ? [$"a TTL of 0 is compared ({r.Cause}): {all}"] : Array.Empty<string>(),
            .. NoTime().Match(all) is { Success: true } m ? [$"a time of zero is put into a sentence ({r.Cause}): {m.Value}: {all}"] : Array.Empty<string>(),
        ];
    }

    [GeneratedRegex(@"\bTTL is 0\b|arrive with TTL 0\b")]
    private static partial Regex NoTimeToLive();

    [GeneratedRegex(@"(?:the|in|for|during) (?:at once|less than 0\.5 ms|0 ms|0 s)\b|\bat once\b")]
    private static partial Regex NoTime();

    [GeneratedRegex(@"\bframe (?<n>\d+)\)")]
    private static partial Regex Frames();

    [GeneratedRegex(@"connect fails with (?<errno>E[A-Z]+)\b(?! when the kernel)")]
    private static partial Regex Connects();

    [GeneratedRegex(@"the heartbeats of (?<who>the client|the server) continued \((?<n>\d+)\)")]
    private static partial Regex WentOn();

    private static IEnumerable<string> Answers(ConnectionClose r, ConnectionFrames f)
    {
        long unacked = (r.ClientUnacked ?? 0) + (r.ServerUnacked ?? 0);
        if (unacked > 0 && r.Explanation.Contains("all payload acknowledged", StringComparison.Ordinal))
            yield return $"\"all payload acknowledged\" with {unacked} bytes unacknowledged ({r.Cause}): {r.Sequence}";
        if (r.Cause == Cause.ZeroWindowStall && !f.AnyProbe && r.Explanation.Contains("probe", StringComparison.Ordinal))
            yield return $"explanation mentions a window probe that is not in the capture: {r.Explanation}";
    }

    /// <summary>Heartbeats are payload segments, each a second or more after the payload before it.</summary>
    private static IEnumerable<string> Heartbeats(ConnectionClose r, ConnectionFrames f)
    {
        if (WentOn().Match(r.Explanation) is not { Success: true } m)
            yield break;
        CapturedSegment[] payload = [.. WithoutProbes(f.From(m.Groups["who"].Value == "the client").Where(s => s.Segment.PayloadLength > 0))];
        int apart = payload.Where((s, i) => i == 0 || s.Segment.Time - payload[i - 1].Segment.Time >= Nanoseconds.PerSecond).Count();
        if (apart < int.Parse(m.Groups["n"].ValueSpan, CultureInfo.InvariantCulture))
            yield return $"{m.Groups["n"].Value} heartbeats of {apart} segments that are apart: {r.Explanation}";
    }

    /// <summary>A keepalive probe may have one byte that was sent before.</summary>
    private static IEnumerable<CapturedSegment> WithoutProbes(IEnumerable<CapturedSegment> payload)
    {
        SequenceNumber? next = null;
        foreach (CapturedSegment s in payload)
        {
            if (s.Segment.PayloadLength > 1 || next is null || s.Segment.EndSequence != next)
                yield return s;
            if (next is null || s.Segment.EndSequence.IsAfter(next.Value))
                next = s.Segment.EndSequence;
        }
    }

    /// <summary>There is no conclusion about a side without captured packets, unless the other side sent nothing but unanswered SYNs.</summary>
    private static IEnumerable<string> Unseen(ConnectionClose r, ConnectionFrames f)
    {
        foreach (bool client in (bool[])[true, false])
        {
            bool isUnseen = !f.From(client).Any() && f.From(!client).Any(s => (s.Segment.Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) != TcpFlags.Syn);
            string[] claims = ["has not closed", "had not closed", "nothing came back", "all payload acknowledged", "was not answered", "were not answered"];
            foreach (string claim in claims.Where(c => isUnseen && r.Explanation.Contains(c, StringComparison.Ordinal)))
                yield return $"\"{claim}\" although the {(client ? "client" : "server")} was not captured ({r.Cause}): {r.Sequence}: {r.Explanation}";
        }
    }

    /// <summary>If the side that reset the connection had sent FIN before, the explanation contains that FIN with its frame.</summary>
    private static IEnumerable<string> EarlierFin(ConnectionClose r)
    {
        (long? fin, long? reset) = r.ClosedBy == ClosedBy.Client ? (r.ClientFinFrame, r.ClientResetFrame) : (r.ServerFinFrame, r.ServerResetFrame);
        bool isReset = r is { State: CloseState.Reset, ClosedBy: ClosedBy.Client or ClosedBy.Server } && r.Cause != Cause.Undetermined && reset is not null;
        bool isBeforeNamed = Frames().Matches(r.Explanation).Any(m => long.Parse(m.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) > fin);
        if (isReset && fin < reset && isBeforeNamed && !r.Explanation.Contains($"FIN, frame {fin})", StringComparison.Ordinal))
            yield return $"explanation does not have the FIN before the RST ({r.Cause}): {fin}: {r.Sequence}: {r.Explanation}";
    }

    /// <summary>BrokenPipe names a side if its next write fails, and it has neither closed nor aborted.</summary>
    private static IEnumerable<string> Calls(ConnectionClose r)
    {
        if (Connects().Match(r.Explanation) is { Success: true } m && m.Groups["errno"].Value != r.Connect)
            yield return $"explanation has connect fail with {m.Groups["errno"].Value}, the record has {r.Connect} ({r.Cause}): {r.Sequence}";
        (bool Client, string Write, bool Closed)[] sides = [(true, r.ClientWrite, r.ClientFinFrame is not null), (false, r.ServerWrite, r.ServerFinFrame is not null)];
        foreach ((bool client, string write, bool closed) in sides)
        {
            bool isNamed = r.BrokenPipe == BrokenPipe.Both || r.BrokenPipe == (client ? BrokenPipe.Client : BrokenPipe.Server);
            bool fails = write is not (CallResultText.Ok or CallResultText.Blocks or CallResultText.NoSocket or CallResultText.Aborted);
            if (isNamed != (fails && !closed))
                yield return $"BrokenPipe {r.BrokenPipe} with a write of {write} ({r.Cause}): {r.Sequence}";
        }
    }
}

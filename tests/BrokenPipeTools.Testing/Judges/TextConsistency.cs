using System.Globalization;
using System.Text.RegularExpressions;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>Compares the texts of a record with its frames, its numbers and its predicted calls.</summary>
internal static partial class TextConsistency
{
    private const string Kinds = "SYN-ACK|SYN|FIN|RST|ICMP error|keepalive probe";

    public static IEnumerable<string> Contradictions(ConnectionClose r, ConnectionFrames f)
    {
        string explanation = r.Explanation;
        return
        [
            .. new[] { explanation }.Concat(r.Alternatives.Select(a => a.Why)).Concat(r.Evidence.Select(e => e.Shows)).SelectMany(text => FrameNumbers(text, r, f)),
            .. Evidence(r, f), .. Mentions(r, f, explanation), .. Claims(r, f, explanation), .. Results(r, explanation), .. Numbers(r, f, explanation), .. Silences(r, explanation),
        ];
    }

    [GeneratedRegex(@"\bframes? (?<n>\d+)(?:(?:,| and| to) (?<n>\d+))*")]
    private static partial Regex FrameNumber();

    /// <summary>Matches the frame of another connection, which a text names together with its stream.</summary>
    [GeneratedRegex(@"\(stream \d+, frame \d+\)")]
    private static partial Regex OtherStream();

    /// <summary>A kind of segment and the frame that follows it in brackets: "a RST (frame 7)", "closed (FIN, frame 5)".</summary>
    [GeneratedRegex($@"(?<kind>{Kinds})s?(?:(?!{Kinds}|was still)[^().;:,]){{0,40}}(?:\((?:from )?|, (?:from )?)frames? (?<n>\d+)")]
    private static partial Regex KindOfFrame();

    [GeneratedRegex(@"\b(?:no|without an?|neither|nor|not an?|in place of an?) (?:SYN-ACK|FIN|RST|ICMP error)")]
    private static partial Regex Denial();

    [GeneratedRegex(@"(?<who>[Tt]he client|[Tt]he server)(?:'s)?(?: next (?:call|read|write))? gets (?<errno>E[A-Z]{3,})")]
    private static partial Regex Gets();

    /// <summary>A number of bytes, but not the length of a body, which a header announces.</summary>
    [GeneratedRegex(@"(?<!\ba body of )\b(?<n>\d[\d,]*) (?:payload )?bytes(?! of its body)")]
    private static partial Regex Bytes();

    [GeneratedRegex(@"\bafter (?<n>[\d.]+) (?<unit>ms|s)\b")]
    private static partial Regex After();

    private static IEnumerable<string> FrameNumbers(string text, ConnectionClose r, ConnectionFrames f)
    {
        foreach (long n in FrameNumber().Matches(OtherStream().Replace(text, "")).SelectMany(m => m.Groups["n"].Captures).Select(c => long.Parse(c.Value, CultureInfo.InvariantCulture)))
        {
            if (!f.At(n).Any())
                yield return $"frame of a text is not of the connection ({r.Cause}): {n}: {text}";
        }

        foreach (Match m in KindOfFrame().Matches(OtherStream().Replace(text, "")))
        {
            long n = long.Parse(m.Groups["n"].ValueSpan, CultureInfo.InvariantCulture);
            if (f.At(n).Any() && !f.At(n).Any(s => IsKind(m.Groups["kind"].Value, s, f)))
                yield return $"frame of a text is not a {m.Groups["kind"].Value} ({r.Cause}): {n}: {text}";
        }
    }

    private static bool IsKind(string kind, CapturedSegment s, ConnectionFrames f) => kind switch
    {
        "ICMP error" => s.Segment.IsQuoted,
        _ when s.Segment.IsQuoted => false,
        "SYN-ACK" => s.Has(TcpFlags.Syn) && s.Has(TcpFlags.Ack),
        "SYN" => s.Has(TcpFlags.Syn),
        "FIN" => s.Has(TcpFlags.Fin),
        "RST" => s.Has(TcpFlags.Rst),
        _ => f.IsProbe(s),
    };

    private static IEnumerable<string> Evidence(ConnectionClose r, ConnectionFrames f)
    {
        foreach (Evidence e in r.Evidence)
        {
            (string Start, Func<CapturedSegment, bool> Fits)[] kinds =
            [
                ("closed", s => s.Has(TcpFlags.Fin | TcpFlags.Rst)), ("finished sending", s => s.Has(TcpFlags.Fin)),
                ("a RST", s => s.Has(TcpFlags.Rst)), ("the RST", s => s.Has(TcpFlags.Rst)), ("its own kernel's RST", s => s.Has(TcpFlags.Rst)), ("no socket", s => s.Has(TcpFlags.Rst)),
                ("retransmitted", f.IsRepeat), ("keepalive probe", f.IsProbe), ("payload", s => s.Segment.PayloadLength > 0), ("late data", s => s.Segment.PayloadLength > 0),
                ("the ICMP error", s => s.Segment.IsQuoted), ("SYN-ACK retransmitted", s => s.Has(TcpFlags.Syn) && s.Has(TcpFlags.Ack)), ("a SYN", s => s.Has(TcpFlags.Syn)), ("the window is zero", s => s.Segment.Window == 0),
            ];
            if (!f.At(e.Frame).Any())
                yield return $"frame of the evidence is not of the connection ({r.Cause}): {e}";
            foreach ((string start, Func<CapturedSegment, bool> fits) in kinds.Where(kind => e.Shows.StartsWith(kind.Start, StringComparison.Ordinal)))
            {
                if (f.At(e.Frame).Any() && !f.At(e.Frame).Any(s => (start == "the ICMP error") == s.Segment.IsQuoted && fits(s)))
                    yield return $"frame of the evidence is not such a one ({r.Cause}): {e}: {r.Sequence}";
            }
        }
    }

    /// <summary>Checks that the frames contain each kind of packet that a text mentions.</summary>
    private static IEnumerable<string> Mentions(ConnectionClose r, ConnectionFrames f, string explanation)
    {
        string positive = Denial().Replace(explanation, "").Replace("ICMP may be filtered", "", StringComparison.Ordinal);
        (string Word, bool IsThere)[] words =
            [("RST", f.AnyReset), ("FIN", f.AnyFin), ("ICMP", f.Quoted.Count > 0), ("keepalive probe", f.AnyProbe)];
        foreach ((string word, bool isThere) in words)
        {
            if (!isThere && positive.Contains(word, StringComparison.Ordinal))
                yield return $"explanation mentions a {word} that is not in the capture ({r.Cause}): {explanation}";
        }
    }

    private static IEnumerable<string> Claims(ConnectionClose r, ConnectionFrames f, string explanation)
    {
        long unacked = f.Unacknowledged(client: true) + f.Unacknowledged(client: false);
        if (unacked > 0 && explanation.Contains("nothing was lost", StringComparison.OrdinalIgnoreCase))
            yield return $"\"nothing was lost\" with {unacked} bytes unacknowledged ({r.Cause}): {r.Sequence}";
        bool silence = Math.Max(r.MaxGap, Math.Max(r.IdleBeforeClose ?? 0, r.PayloadIdleBeforeClose ?? 0)) > 0.85; // the shortest timers are 1 s long
        foreach (Alternative a in r.Alternatives.Where(a => !silence && a.Why.Contains("silence", StringComparison.Ordinal)))
            yield return $"alternative of {r.Cause} mentions a silence, and there is none: {a}";
    }

    private static IEnumerable<string> Results(ConnectionClose r, string explanation)
    {
        foreach (Match m in Gets().Matches(explanation))
        {
            bool client = m.Groups["who"].Value.EndsWith("client", StringComparison.Ordinal);
            string[] calls = RecordConsistency.NextCalls(r, client);
            if (!calls.Contains(m.Groups["errno"].Value))
                yield return $"explanation predicts another call than the record ({r.Cause}, {m.Groups["errno"].Value}): {string.Join(' ', calls)}: {explanation}";
        }

        bool isNamed = explanation.Replace("in place of ETIMEDOUT", "", StringComparison.Ordinal).Contains(CallResultText.TimedOut, StringComparison.Ordinal);
        bool isPredicted = RecordConsistency.AllCalls(r).Contains(CallResultText.TimedOut);
        if (isNamed && !isPredicted && r.Cause != Cause.ConnectTimeout)
            yield return $"explanation names ETIMEDOUT, and no next call returns it ({r.Cause}): {r.Sequence}: {explanation}";
        if (isPredicted && !isNamed && r.Cause is Cause.NormalClose or Cause.HalfClose or Cause.IdleTimeout or Cause.StillOpen or Cause.AbortiveClose or Cause.EarlyResponse)
            yield return $"a next call returns ETIMEDOUT, and the explanation does not have it ({r.Cause}): {r.Sequence}: {explanation}";
        if (explanation.Contains("has no effect", StringComparison.Ordinal) && RecordConsistency.AllCalls(r).Contains("ECONNRESET"))
            yield return $"a RST has no effect, and a next call returns ECONNRESET ({r.Cause}): {r.Sequence}: {explanation}";
        if (new[] { "client", "server" }.Any(side => explanation.Contains($"was given up: the {side}'s host", StringComparison.Ordinal) && Regex.IsMatch(explanation, $"The {side}'s next [^.]* when the kernel gives up")))
            yield return $"the kernel has given up, and will ({r.Cause}): {r.Sequence}: {explanation}";
        bool brokenPipe = explanation.Contains("broken pipe", StringComparison.Ordinal);
        if (brokenPipe && r.BrokenPipe == BrokenPipe.None && !RecordConsistency.AllCalls(r).Contains(CallResultText.BrokenPipe))
            yield return $"explanation names a broken pipe, and no next call returns EPIPE ({r.Cause}): {r.Sequence}: {explanation}";
    }

    /// <summary>Checks that a number of bytes in a text is that of a side, of some consecutive segments of a side, or of one packet.</summary>
    private static IEnumerable<string> Numbers(ConnectionClose r, ConnectionFrames f, string explanation)
    {
        HashSet<long>? known = null;
        foreach (Match m in Bytes().Matches(explanation))
        {
            known ??= ByteNumbers(r, f);
            long n = long.Parse(m.Groups["n"].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            if (!known.Contains(n))
                yield return $"explanation has a number of bytes that nothing has ({r.Cause}): {n}: {explanation}";
        }
    }

    private static HashSet<long> ByteNumbers(ConnectionClose r, ConnectionFrames f)
    {
        HashSet<long> known = [0, r.ClientBytes, r.ServerBytes, r.ClientUnacked ?? 0, r.ServerUnacked ?? 0, (r.ClientUnacked ?? 0) + (r.ServerUnacked ?? 0), f.Unacknowledged(true), f.Unacknowledged(false)];
        foreach (bool client in (bool[])[true, false])
        {
            known.UnionWith(f.Gaps(client));
            long[] lengths = [.. f.From(client).Select(s => (long)s.Segment.PayloadLength).Where(n => n > 0)];
            known.UnionWith(lengths);
            for (int i = 0; i < Math.Min(lengths.Length, 60); i++)
            {
                long sum = 0;
                for (int k = i; k < Math.Min(lengths.Length, 60); k++)
                    known.Add(sum += lengths[k]);
            }
        }

        return known;
    }

    private static IEnumerable<string> Silences(ConnectionClose r, string explanation)
    {
        if (r.Cause != Cause.IdleTimeout || explanation.Contains("heartbeats", StringComparison.Ordinal) || After().Match(explanation) is not { Success: true } m)
            yield break;
        double seconds = double.Parse(m.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) / (m.Groups["unit"].Value == "ms" ? 1000 : 1);
        bool fits = new[] { r.IdleBeforeClose, r.PayloadIdleBeforeClose }.Any(idle => Math.Abs((idle ?? 0) - seconds) <= 0.06);
        if (!fits)
            yield return $"IdleTimeout after {seconds} s, the record has {r.IdleBeforeClose} and {r.PayloadIdleBeforeClose}: {explanation}";
    }
}

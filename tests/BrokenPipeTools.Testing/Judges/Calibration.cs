using System.Globalization;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Testing.Captures;
using BrokenPipeTools.Wire;
using Xunit.Abstractions;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>
/// Cuts captures at random frames, diagnoses the first part, and counts the conclusions that the rest refutes. Only connections that continue after
/// the cut are checked.
/// </summary>
internal sealed class Calibration(int seed, int cutsForEach)
{
    /// <summary>The largest share of High causes that may be refuted.</summary>
    private const double RefutedCauses = 0.01;

    /// <summary>The largest share of the predictions "the next write fails" that may be refuted.</summary>
    private const double RefutedWrites = 0.03;

    private readonly Dictionary<(string Claim, string Kind), (int Made, int Refuted, List<string> Examples)> _claims = [];
    private readonly Random _random = new(seed);

    /// <summary>The number of captures that were cut.</summary>
    public int Captures { get; private set; }

    /// <summary>The number of connections that were cut.</summary>
    public int Connections { get; private set; }

    /// <summary>Makes a calibration with the seed and the number of cuts from the settings; without settings, the same cuts each time.</summary>
    public static Calibration OfSettings(int cutsForEach) => new(TestSetting.Number("CALIBRATION_SEED") ?? 1, TestSetting.Number("CALIBRATION_CUTS") ?? cutsForEach);

    /// <summary>Returns how many conclusions of a kind were made, and how many were refuted.</summary>
    public (int Made, int Refuted) Sum(string claim, Func<string, bool> kind)
    {
        (int Made, int Refuted, List<string>)[] fitting = [.. _claims.Where(c => c.Key.Claim == claim && kind(c.Key.Kind)).Select(c => c.Value)];
        return (fitting.Sum(c => c.Made), fitting.Sum(c => c.Refuted));
    }

    public void Add(string label, Func<ICaptureSource> open)
    {
        CapturedFrames frames = new(open);
        Dictionary<(long, string), ConnectionClose> whole = Records(open()).ToDictionary(r => (r.FirstFrame, Endpoints(r)));
        long last = whole.Count == 0 ? 0 : whole.Values.Max(r => r.LastFrame);
        if (last < 2)
            return;
        Captures++;
        foreach (long cut in Enumerable.Range(0, cutsForEach).Select(_ => _random.NextInt64(1, last)).Distinct().Order())
        {
            foreach (ConnectionClose part in Records(new CutSource(open(), cut)))
            {
                if (whole.TryGetValue((part.FirstFrame, Endpoints(part)), out ConnectionClose? all) && all.LastFrame > part.LastFrame)
                    Judge(part, all, frames.Of(all), $"{label}, stream {part.Stream}, cut after frame {cut}");
            }
        }
    }

    /// <summary>One line per claim: its kind, how often it was made and refuted, and examples.</summary>
    public string Table(int examples) => string.Join('\n', _claims.OrderBy(c => c.Key.Claim, StringComparer.Ordinal).ThenByDescending(c => c.Value.Made).Select(c =>
        string.Create(CultureInfo.InvariantCulture, $"| {c.Key.Claim} | {c.Key.Kind} | {c.Value.Made} | {c.Value.Refuted} | {100.0 * c.Value.Refuted / c.Value.Made:0.0} % |")
        + string.Concat(c.Value.Examples.Take(examples).Select(e => $"\n    {e}"))));

    /// <summary>Prints the table, and fails if too many claims were refuted.</summary>
    public void Check(ITestOutputHelper output)
    {
        output.WriteLine($"{Captures} captures, {Connections} cut connections");
        output.WriteLine(Table(TestSetting.Number("CALIBRATION_EXAMPLES") ?? 0));
        (int made, int refuted) = Sum("cause", kind => kind.EndsWith(", High", StringComparison.Ordinal));
        (int writes, int refutedWrites) = Sum("next write fails", _ => true);
        output.WriteLine($"causes with High: {refuted} of {made} refuted; next write fails: {refutedWrites} of {writes} refuted");
        Assert.True(Connections > 0, "no connection was cut");
        Assert.True(refuted <= Math.Max(1, made * RefutedCauses), $"{refuted} of {made} causes with High refuted\n{Table(examples: 5)}");
        Assert.True(refutedWrites <= Math.Max(1, writes * RefutedWrites), $"{refutedWrites} of {writes} predictions that the next write fails refuted\n{Table(examples: 5)}");
    }

    private void Judge(ConnectionClose part, ConnectionClose all, ConnectionFrames frames, string label)
    {
        Connections++;
        if (part.Cause is not (Cause.StillOpen or Cause.Undetermined))
            Count("cause", $"{part.Cause}, {part.Confidence}", all.Cause != part.Cause, $"{label}: {part.Sequence} became {all.Cause} ({all.State}): {all.Sequence}");
        foreach (bool client in (bool[])[true, false])
        {
            bool goesOn = NewPayloadAcknowledged(part, frames, client);
            string write = client ? part.ClientWrite : part.ServerWrite;
            if (write is CallResultText.BrokenPipe or CallResultText.Reset or CallResultText.TimedOut)
                Count("next write fails", write, goesOn, $"{label}: {(client ? "client" : "server")}: {part.Sequence}");
            string end = client ? "client" : "server";
            if (write == CallResultText.TimedOut && (part.State == CloseState.TimedOut || part.Cause == Cause.SilentDrop))
                Count("not answered any more", $"{part.State}, {part.Cause}", AcknowledgedLater(part, frames, client), $"{label}: {end}: {part.Sequence}");
        }
    }

    private void Count(string claim, string kind, bool isRefuted, string example)
    {
        (int made, int refuted, List<string> examples) = _claims.GetValueOrDefault((claim, kind), (0, 0, []));
        if (isRefuted)
            examples.Add(example);
        _claims[(claim, kind)] = (made + 1, refuted + (isRefuted ? 1 : 0), examples);
    }

    /// <summary>Returns whether the side sent payload after the cut, above all payload before it, and the other side acknowledged that payload.</summary>
    private static bool NewPayloadAcknowledged(ConnectionClose part, ConnectionFrames frames, bool client)
    {
        CapturedSegment[] before = [.. frames.From(client).Where(s => s.Segment.Frame <= part.LastFrame && !s.Has(TcpFlags.Rst))];
        if (before.Length == 0)
            return false;
        SequenceNumber next = before.Aggregate(before[0].Segment.EndSequence, (max, s) => s.Segment.EndSequence.IsAfter(max) ? s.Segment.EndSequence : max);
        CapturedSegment? later = frames.From(client).Where(s => s.Segment.Frame > part.LastFrame && s.Segment.PayloadLength > 0 && !s.Has(TcpFlags.Rst) && s.Segment.Sequence.IsAtOrAfter(next))
            .Select(s => (CapturedSegment?)s).FirstOrDefault();
        return later is { } sent && frames.From(!client).Any(s => s.Segment.Frame > sent.Segment.Frame && IsAcknowledgment(s) && s.Segment.Acknowledgment.IsAfter(sent.Segment.Sequence));
    }

    /// <summary>Returns whether the other side acknowledged, after the cut, more of the bytes that this side had sent before it.</summary>
    private static bool AcknowledgedLater(ConnectionClose part, ConnectionFrames frames, bool client)
    {
        CapturedSegment[] answers = [.. frames.From(!client).Where(IsAcknowledgment)];
        SequenceNumber[] before = [.. answers.Where(s => s.Segment.Frame <= part.LastFrame).Select(s => s.Segment.Acknowledgment)];
        if (before.Length == 0)
            return answers.Length > 0;
        SequenceNumber highest = before.Aggregate(before[0], (max, a) => a.IsAfter(max) ? a : max);
        return answers.Any(s => s.Segment.Frame > part.LastFrame && s.Segment.Acknowledgment.IsAfter(highest));
    }

    private static bool IsAcknowledgment(CapturedSegment s) => s.Has(TcpFlags.Ack) && !s.Has(TcpFlags.Rst);

    private static string Endpoints(ConnectionClose r) => r.Connection.Key.ToString()!;

    private static List<ConnectionClose> Records(ICaptureSource source)
    {
        using CloseAnalyzer analyzer = new(source);
        List<ConnectionClose> records = [];
        while (analyzer.TryNext(out ConnectionClose? record))
            records.Add(record);
        return records;
    }
}

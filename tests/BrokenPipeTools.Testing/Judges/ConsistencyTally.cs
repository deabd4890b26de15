using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using Xunit.Abstractions;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>Counts the contradictions in the records of captures, by kind, with an example of each.</summary>
internal sealed partial class ConsistencyTally
{
    private const int MostPrinted = 40;

    private readonly ConcurrentDictionary<string, (int Count, string Example)> _kinds = new();
    private int _records;

    /// <summary>Reads a capture and compares each record with its frames.</summary>
    public void Add(string label, byte[] capture) => Add(label, () => CaptureFile.Open(new MemoryStream(capture), label));

    /// <summary>Reads a capture that is opened twice, once for its records and once for its frames, and compares them.</summary>
    public void Add(string label, Func<ICaptureSource> open)
    {
        CapturedFrames frames = new(open);
        try
        {
            using CloseAnalyzer analyzer = new(open());
            while (analyzer.TryNext(out ConnectionClose? record))
            {
                Interlocked.Increment(ref _records);
                foreach (string contradiction in RecordConsistency.Contradictions(record, frames.Of(record)))
                    Note(contradiction, $"{label}, stream {record.Stream}, frame {record.FirstFrame}");
            }
        }
        catch (CaptureFormatException)
        {
            // a damaged beginning: there are no records
        }
    }

    /// <summary>Prints the number of records. Fails if there was any contradiction, or no record.</summary>
    public void Check(ITestOutputHelper output)
    {
        output.WriteLine($"{_records} records, {_kinds.Sum(kind => kind.Value.Count)} contradictions of {_kinds.Count} kinds");
        Assert.True(_kinds.IsEmpty, string.Join('\n', _kinds.OrderByDescending(kind => kind.Value.Count).Take(MostPrinted).Select(kind => $"{kind.Value.Count} × {kind.Key}: {kind.Value.Example}")));
        Assert.True(_records > 0, "no record was compared");
    }

    /// <summary>Notes a contradiction. Its kind is the text up to the colon, without numbers.</summary>
    private void Note(string contradiction, string label)
    {
        string kind = Number().Replace(contradiction.Split(": ", 2)[0], "#");
        _kinds.AddOrUpdate(kind, _ => (1, $"{contradiction} [{label}]"), (_, old) => (old.Count + 1, old.Example));
    }

    [GeneratedRegex(@"\d+(?:\.\d+)?")]
    private static partial Regex Number();
}

using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>What is needed to find the packets of a connection again, and what to write beside them.</summary>
internal sealed class ExtractedConnection
{
    private readonly Dictionary<long, string> _comments;

    public ExtractedConnection(ExportedRecord shown)
    {
        ConnectionClose record = shown.Record;
        Key = record.Connection.Key;
        FirstFrame = record.FirstFrame;
        LastFrame = record.LastFrame;
        Packets = record.Packets;
        string file = Path.GetFileName(shown.Path);
        string whole = string.Create(CultureInfo.InvariantCulture, $"stream {record.Stream} of {file}, {shown.Client} > {shown.Server}: {record.State}, {record.Cause} ({record.Confidence}). {shown.Explanation}");
        _comments = shown.Evidence.GroupBy(evidence => evidence.Frame).ToDictionary(
            frame => frame.Key,
            frame => string.Create(CultureInfo.InvariantCulture, $"frame {frame.Key} of {file}: {string.Join("; ", frame.Select(evidence => evidence.Shows))}"));
        _comments[FirstFrame] = _comments.TryGetValue(FirstFrame, out string? first) ? $"{whole}\n{first}" : whole;
    }

    public FlowKey Key { get; }

    public long FirstFrame { get; }

    public long LastFrame { get; }

    /// <summary>Packets that the record counts.</summary>
    public long Packets { get; }

    /// <summary>Packets found.</summary>
    public long Found { get; private set; }

    /// <summary>Counts a packet that was found.</summary>
    public void Find() => Found++;

    /// <summary>The comment on a frame; null for none. The first frame has the explanation, those that decide have what they show.</summary>
    public string? CommentOn(long frame) => _comments.GetValueOrDefault(frame);
}

using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Output;

/// <summary>The data of a connection that are needed to find its packets again, and the comments to write with them.</summary>
internal sealed class ExtractedConnection
{
    /// <summary>Bytes. A sequence number at most this far after the initial one belongs to the beginning of a connection.</summary>
    private const int Beginning = 1 << 20;

    private readonly Dictionary<long, string> _comments;
    private readonly SequenceNumber?[] _baseSequences;

    public ExtractedConnection(ExportedRecord shown)
    {
        ConnectionClose record = shown.Record;
        Key = record.Connection.Key;
        FirstFrame = record.FirstFrame;
        LastFrame = record.LastFrame;
        Packets = record.Packets;
        Names = NamesOf(record);
        _baseSequences = [BaseSequenceOf(record.Connection.Side(0)), BaseSequenceOf(record.Connection.Side(1))];
        string file = Path.GetFileName(shown.Path);
        string which = record.HasOwnNumber ? string.Create(CultureInfo.InvariantCulture, $"frame {FirstFrame} and others") : string.Create(CultureInfo.InvariantCulture, $"stream {record.Stream}");
        string whole = string.Create(CultureInfo.InvariantCulture, $"{which} of {file}, {shown.Client} > {shown.Server}: {record.State}, {record.Cause} ({record.Confidence}). {shown.Explanation}");
        _comments = shown.Evidence.GroupBy(evidence => evidence.Frame).ToDictionary(
            frame => frame.Key,
            frame => string.Create(CultureInfo.InvariantCulture, $"frame {frame.Key} of {file}: {string.Join("; ", frame.Select(evidence => evidence.Shows))}"));
        _comments[FirstFrame] = _comments.TryGetValue(FirstFrame, out string? first) ? $"{whole}\n{first}" : whole;
    }

    public FlowKey Key { get; }

    /// <summary>The host names that are used in place of addresses, with the addresses that represent them; empty if there are no names.</summary>
    public IReadOnlyList<(byte[] Address, string Name)> Names { get; }

    public long FirstFrame { get; }

    public long LastFrame { get; }

    /// <summary>The number of packets that the record contains.</summary>
    public long Packets { get; }

    /// <summary>The number of packets that were found.</summary>
    public long Found { get; private set; }

    /// <summary>Counts a packet that was found.</summary>
    public void Find() => Found++;

    /// <summary>
    /// Returns the comment on a frame; null if it has none. The first frame gets the explanation; frames that prove the cause get their meaning.
    /// </summary>
    public string? CommentOn(long frame) => _comments.GetValueOrDefault(frame);

    /// <summary>
    /// Returns whether an end may have begun this connection with a sequence number. If not, the number belongs to an older connection between the
    /// same endpoints.
    /// </summary>
    public bool MayHaveBegunAt(SequenceNumber sequence, int end) =>
        _baseSequences[end] is { } first && sequence.DistanceFrom(first) is >= 0 and <= Beginning;

    private static SequenceNumber? BaseSequenceOf(in Side side) => side.Has(SideMarks.HasBase) ? side.BaseSequence : null;

    private static IReadOnlyList<(byte[] Address, string Name)> NamesOf(ConnectionClose record)
    {
        (Endpoint client, Endpoint server) = (record.Connection.Endpoint(record.ClientEnd), record.Connection.Endpoint(1 - record.ClientEnd));
        return
        [
            .. new[] { (client, record.ClientAddress), (server, record.ServerAddress) }
                .Select(pair => (Address: pair.Item1.Address.ToAddress(pair.Item1.IsIPv6), Name: pair.Item2))
                .Where(pair => pair.Address.ToString() != pair.Name)
                .Select(pair => (pair.Address.GetAddressBytes(), pair.Name)),
        ];
    }
}

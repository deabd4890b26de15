using System.Collections.Frozen;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <content>The details of the cause: evidence, alternatives, the closing segment by segment.</content>
public sealed partial class ConnectionClose
{
    /// <summary>
    /// The stream of the same attempt under other addresses: its SYN has the same sequence number, before or after address translation, or its
    /// SYN-ACK answers this SYN. Null for none.
    /// </summary>
    public int? RelatedStream => Connection.Related?.Stream;

    /// <summary>The data that the capture lacks.</summary>
    public CaptureQuality CaptureQuality => CaptureLack.Of(Connection) | _lacks;

    /// <summary>
    /// The results of each side's consecutive calls, on Linux and on Windows, with their assumptions.
    /// </summary>
    public RecordList<SideErrors> Errors => SideErrors.Of(Connection, ClientEnd, Finding.Facts.ForgedResetAt, Diagnosis.EndWithoutSocket);

    /// <summary>The frames that prove the cause.</summary>
    public RecordList<Evidence> Evidence =>
    [
        .. Finding.Rule.Evidence(Finding.Facts).Where(mark => mark.At.Exists).Select(mark => new Evidence
        {
            Frame = Finding.Facts.Frame(mark.At),
            Time = Nanoseconds.ToTime(Connection.StartTime + Connection.Log.Get(mark.At).Time),
            Shows = mark.Shows,
        }),
    ];

    /// <summary>The other possible causes, the likeliest first.</summary>
    public RecordList<Alternative> Alternatives =>
        [.. Finding.Rule.Alternatives(Finding.Facts).Select(other => new Alternative { Cause = other.Cause, Why = other.Why })];

    /// <summary>The closing ladder: from the first closing packet, or the segment it answers, to the end.</summary>
    public RecordList<CloseEvent> Events => CloseLadder.Build(Connection, ClientEnd, FramesWithBytes());

    /// <summary>Returns the frames of the evidence. It is computed only if the bytes of frames were kept.</summary>
    private FrozenSet<long> FramesWithBytes() => Connection.Frames is null ? FrozenSet<long>.Empty : Evidence.Select(e => e.Frame).ToFrozenSet();
}

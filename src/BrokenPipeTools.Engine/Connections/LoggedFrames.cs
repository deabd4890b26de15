using BrokenPipeTools.Analysis;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Keeps the bytes of the frames in a connection's log, for <see cref="AnalyzerOptions.IncludePacket"/>. This class reads the new entries of the log
/// after each segment, so an analysis without that option has no extra cost.
/// </summary>
internal sealed class LoggedFrames
{
    private const int UsualCapacity = 6;

    /// <summary>The newest segment before the closing: it is added to the log later if a RST answers it.</summary>
    private readonly FrameCopy _newest = new();
    private LoggedFrame?[] _slots = new LoggedFrame?[UsualCapacity];
    private int _recorded;

    /// <summary>Passes a segment to the table, and keeps the bytes of its frame if the connection adds it to its log.</summary>
    public static void Observe(ConnectionTable table, in Segment segment, in SegmentFlow flow, FrameCopy frame)
    {
        if (table.Observe(segment, flow) is not { } connection)
            return;
        connection.Frames ??= new LoggedFrames();
        connection.Frames.Note(connection, frame);
    }

    /// <summary>Returns the frame of an observation that the log has kept.</summary>
    public LoggedFrame? Get(in ObservationLog log, int index) => _slots[log.SlotOf(index)];

    private void Note(Connection connection, FrameCopy frame)
    {
        ref readonly ObservationLog log = ref connection.Log;
        for (; _recorded < log.Count; _recorded++)
        {
            int index = log.IndexOf(_recorded);
            long number = connection.FirstFrame + log.Get(index).Frame;
            Put(log.SlotOf(index), number == frame.Number ? frame : number == _newest.Number ? _newest : null);
        }

        if (!connection.Close.HasBegun && connection.LastFrame == frame.Number) // if not equal, the newest entry is an ICMP error
            _newest.Take(frame);
    }

    private void Put(int slot, FrameCopy? frame)
    {
        if (slot >= _slots.Length)
            Array.Resize(ref _slots, ObservationLog.MaxKept);
        _slots[slot] = frame?.ToLogged();
    }
}

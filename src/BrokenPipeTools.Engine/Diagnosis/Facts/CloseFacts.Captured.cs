using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <content>Which sides the capture shows.</content>
internal sealed partial class CloseFacts
{
    /// <summary>
    /// Returns whether no packet of an end was captured although the other end sent more than SYNs (SYNs alone may have had no answer): the end is
    /// unknown.
    /// </summary>
    public bool IsUnseen(int end)
    {
        ref readonly Side other = ref Connection.Side(1 - end);
        return Connection.Side(end).Packets == 0 && (!other.Has(SideMarks.Syn) || other.Has(SideMarks.HasAcknowledged));
    }
}

using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <content>Facts about the sides that the capture shows.</content>
internal sealed partial class CloseFacts
{
    /// <summary>
    /// Returns whether no packet of an end was captured although the other end sent more than SYNs. That end is then unknown. (If the other end sent
    /// only SYNs, they may have had no answer.)
    /// </summary>
    public bool IsUnseen(int end)
    {
        ref readonly Side other = ref Connection.Side(1 - end);
        return Connection.Side(end).Packets == 0 && (!other.Has(SideMarks.Syn) || other.Has(SideMarks.HasAcknowledged));
    }
}

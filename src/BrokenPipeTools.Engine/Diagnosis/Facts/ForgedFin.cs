using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>
/// A FIN that its host did not send, but the receiver accepted: the host then sends payload with the number of that FIN. After a FIN, no host sends more
/// (RFC 9293, section 3.6).
/// </summary>
/// <param name="At">The FIN.</param>
/// <param name="Payload">The payload with its number.</param>
internal readonly record struct ForgedFin(LogPlace At, LogPlace Payload)
{
    /// <summary>Returns the FIN with the address of an end; null if there is none.</summary>
    public static ForgedFin? Of(CloseFacts facts, int end)
    {
        LogPlace fin = facts.Find(ObservationKind.Fin, end);
        if (!fin.Exists || !facts.Connection.Side(end).Has(SideMarks.FinAcknowledged))
            return null;
        SequenceNumber number = facts.Connection.Side(end).FinEnd.Add(-1);
        for (int i = fin.Index + 1; i < facts.Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref facts.Connection.Log.Get(i);
            if (o.Sender == end && o.Kind == ObservationKind.Data && number.IsAtOrAfter(o.Sequence) && o.Sequence.Add(o.Length).IsAfter(number.Add(1)))
                return new ForgedFin(fin, new LogPlace(i));
        }

        return null;
    }
}

using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>Makes the sentences on MPTCP (RFC 8684): the TCP connection is a subflow, and the programs use the connection that its subflows make together.</summary>
internal static class SubflowRemark
{
    /// <summary>Returns the sentences; empty if the connection is no subflow.</summary>
    public static string Of(CloseFacts facts) => !facts.Connection.IsSubflow ? "" : IsEndKnown(facts.Connection) ? Closed(facts)
        : $"{Closed(facts)} This TCP connection is a subflow of MPTCP: if another subflow remains, the programs go on with that one.";

    /// <summary>Returns whether all of the MPTCP connection's end was captured: both sides closed it, so that no other subflow can continue it.</summary>
    public static bool IsEndKnown(Connection c) => c.DataFinAt(0).Exists && c.DataFinAt(1).Exists;

    /// <summary>Names the sides that closed the MPTCP connection.</summary>
    private static string Closed(CloseFacts facts)
    {
        string text = "";
        for (int end = 0; end < 2; end++)
        {
            if (facts.Connection.FrameAt(facts.Connection.DataFinAt(end)) is { } frame && !facts.Connection.Side(end).Has(SideMarks.Fin))
                text += $" {facts.NameFirst(end)} closed the MPTCP connection (DATA_FIN, frame {frame}), but not this TCP connection.";
        }

        return text;
    }
}

using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <content>MPTCP (RFC 8684): the connection of the programs may consist of several TCP connections, its subflows.</content>
internal sealed partial class Connection
{
    /// <summary>Whether the connection is a subflow of MPTCP.</summary>
    public bool IsSubflow => Extras is { IsSubflow: true };

    /// <summary>Returns the first segment with which an end closed its MPTCP connection (DATA_FIN); none if there is none.</summary>
    public FrameMark DataFinAt(int end) => Extras is not { } extras ? FrameMark.None : end == 0 ? extras.DataFinAt0 : extras.DataFinAt1;

    private void NoteMultipath(in Segment s, int sender)
    {
        ConnectionExtras extras = NeedExtras();
        extras.IsSubflow = true;
        if ((s.Multipath & Multipath.DataFin) == 0 || DataFinAt(sender).Exists)
            return;
        FrameMark at = new(Since(FirstFrame, s.Frame));
        if (sender == 0)
            extras.DataFinAt0 = at;
        else
            extras.DataFinAt1 = at;
    }
}

using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Closing;

/// <summary>
/// Wireshark's conversation completeness: one bit for each kind of packet that the connection has
/// (https://www.wireshark.org/docs/wsug_html_chunked/ChAdvTCPAnalysis.html).
/// </summary>
internal static class Completeness
{
    private const int Syn = 1;
    private const int SynAck = 2;
    private const int Ack = 4;
    private const int Data = 8;
    private const int Fin = 16;
    private const int Rst = 32;

    public static int Of(Connection c)
    {
        SideMarks marks = c.Side(0).Marks | c.Side(1).Marks;
        return (marks.HasFlag(SideMarks.Syn) ? Syn : 0)
            | (marks.HasFlag(SideMarks.SynAck) ? SynAck : 0)
            | ((marks & (SideMarks.PureAck | SideMarks.RstAck)) != 0 ? Ack : 0)
            | (c.Side(0).PayloadBytes + c.Side(1).PayloadBytes > 0 ? Data : 0)
            | (marks.HasFlag(SideMarks.Fin) ? Fin : 0)
            | (marks.HasFlag(SideMarks.Rst) ? Rst : 0);
    }
}

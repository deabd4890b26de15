using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Makes the record of a connection that is final: picks the client, classifies how it closed, and compares it with the connections
/// before it. All that depends on the order of records happens here; what a record computes later depends on nothing but itself.
/// </summary>
/// <param name="path">The capture; "-" for standard input.</param>
/// <param name="context">What the diagnosis gets besides the packets.</param>
internal sealed class RecordBuilder(string path, DiagnosisContext context)
{
    private readonly HostHistory _history = new();

    /// <summary>The record of the next connection.</summary>
    /// <param name="connection">A connection that will not change any more.</param>
    /// <param name="lacks">What the capture lacks besides what the connection itself shows.</param>
    /// <param name="hasOwnNumber">Its stream number may not be Wireshark's in the capture's file.</param>
    public ConnectionClose Build(Connection connection, CaptureQuality lacks, bool hasOwnNumber)
    {
        int client = ClientOf(connection);
        CloseState state = CloseClassifier.Classify(connection);
        CloseCase whole = new(connection, client, state, CloseClassifier.WhoClosed(connection, state, client), context, _history.Meet(connection, client, state), lacks.HasFlag(CaptureQuality.Drops), lacks.HasFlag(CaptureQuality.CutShort), Math.Max(connection.FinalSince, connection.LatestTime));
        return new ConnectionClose(path, whole, lacks, hasOwnNumber);
    }

    /// <summary>Takes in a connection whose record nobody wants: those after it are compared with it.</summary>
    public void Pass(Connection connection) => _history.Meet(connection, ClientOf(connection), CloseClassifier.Classify(connection));

    /// <summary>The end that sent the SYN or, if none was captured, the one whose port is less like a server's.</summary>
    private static int ClientOf(Connection c)
    {
        if (c.Opener >= 0)
            return c.Opener;
        int likely = ServerPorts.Compare(c.Key.Port0, c.Key.Port1);
        return likely == 0 ? c.FirstSender : likely > 0 ? 1 : 0;
    }
}

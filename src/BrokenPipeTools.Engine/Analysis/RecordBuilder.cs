using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.History;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Makes the record of a final connection: finds the client, classifies how it closed, and compares it with the connections before it. Everything
/// that depends on the order of records happens here; what a record computes later uses only the record itself.
/// </summary>
/// <param name="path">The capture; "-" for standard input.</param>
/// <param name="context">The input of the diagnosis besides the packets.</param>
/// <param name="filter">The records that are wanted.</param>
internal sealed class RecordBuilder(string path, DiagnosisContext context, RecordFilter filter)
{
    /// <summary>A capture that lacks segments of at least one connection in this many may lack a whole close, too.</summary>
    private const long FewWithGaps = 100;

    private readonly HostHistory _history = new();
    private long _connections;
    private long _withGaps;

    /// <summary>Makes the record of the next connection. Returns false if it is not wanted; later connections are compared with it also then.</summary>
    /// <param name="connection">A connection that does not change any more.</param>
    /// <param name="since">The time in the capture at which it left the table, in nanoseconds since 1970.</param>
    /// <param name="lacks">The data that the capture lacks, except those that the connection itself shows.</param>
    /// <param name="hasOwnNumber">Its stream number may not be Wireshark's in the capture's file.</param>
    /// <param name="record">The record.</param>
    public bool TryBuild(Connection connection, long since, CaptureQuality lacks, bool hasOwnNumber, [NotNullWhen(true)] out ConnectionClose? record)
    {
        record = null;
        int client = ClientOf(connection);
        CloseState state = CloseClassifier.Classify(connection);
        _connections++;
        if (CaptureLack.HasGaps(connection))
            _withGaps++;
        CloseNeighbors? neighbors = _history.CompareAndAdd(connection, client, state);
        if (!filter.MayWant(connection))
            return false;
        CloseCase whole = new(connection, client, state, CloseClassifier.WhoClosed(connection, state, client), context, neighbors, lacks.HasFlag(CaptureQuality.Drops), lacks.HasFlag(CaptureQuality.CutShort), Math.Max(since, connection.LatestTime), _withGaps * FewWithGaps >= _connections);
        record = new ConnectionClose(path, whole, lacks, hasOwnNumber);
        if (filter.Wants(record))
            return true;
        record = null;
        return false;
    }

    /// <summary>The end that sent the SYN or, if none was captured, the one whose port is less like a server's.</summary>
    private static int ClientOf(Connection c)
    {
        if (c.Opener >= 0)
            return c.Opener;
        int likely = ServerPorts.Compare(c.Key.Port0, c.Key.Port1);
        return likely == 0 ? c.FirstSender : likely > 0 ? 1 : 0;
    }
}

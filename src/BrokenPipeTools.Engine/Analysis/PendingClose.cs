using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// A connection that is final, but whose record is not made yet. The thread that takes the records makes them, while the thread that follows the
/// connections continues. A record is compared with those before it, so <see cref="TryMake"/> must be called once for each, in their order.
/// </summary>
internal readonly struct PendingClose
{
    private readonly RecordBuilder _builder;
    private readonly long _since;
    private readonly CaptureQuality _lacks;
    private readonly int _firstOwnNumber;

    internal PendingClose(RecordBuilder builder, in FinalConnection final, CaptureQuality lacks, int firstOwnNumber)
    {
        _builder = builder;
        Connection = final.Connection;
        _since = final.Since;
        _lacks = lacks;
        _firstOwnNumber = firstOwnNumber;
    }

    /// <summary>The connection. Its memory is used for another connection after this one was returned to the pool.</summary>
    internal Connection Connection { get; }

    /// <summary>Makes the record. Returns false if <see cref="AnalyzerOptions.Filter"/> excludes it.</summary>
    public bool TryMake([NotNullWhen(true)] out ConnectionClose? record) => _builder.TryBuild(Connection, _since, _lacks, Connection.Stream >= _firstOwnNumber, out record);
}

using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Packets that another program has captured, handed over one by one and analyzed immediately: after each <see cref="Add"/> the records
/// that it made final come out of <see cref="TryNext"/>, after <see cref="Complete"/> the others. No packet is kept. Not to be used
/// by two threads at a time.
/// </summary>
public sealed class PacketAnalysis : IDisposable
{
    /// <summary>Bytes that a packet may have; the same bound as in a file.</summary>
    public const int MaxPacketLength = Frame.MaxLength;

    private readonly PacketFeed _feed;

    /// <param name="name">The name in records and messages, in place of a file name.</param>
    /// <param name="options">The bounds of the analysis.</param>
    public PacketAnalysis(string name, AnalyzerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        _feed = new PacketFeed(name);
        Analyzer = new CloseAnalyzer(_feed, options);
    }

    /// <summary>The outcomes of the packets. They may be read once <see cref="Complete"/> has been called.</summary>
    public CloseAnalyzer Analyzer { get; }

    /// <summary>The name that records and messages have in place of a file.</summary>
    public string Name => _feed.Name;

    /// <summary>Packets handed over and skipped: the number of the newest frame.</summary>
    public long Packets => _feed.Packets;

    /// <summary>Adds a packet. It is read while records are taken, so take them until there is none.</summary>
    /// <param name="data">The captured bytes, from the link layer's header on. Not copied: they may change once there is no further record.</param>
    /// <param name="time">Nanoseconds since 1970-01-01T00:00:00Z; not before that.</param>
    /// <param name="linkType">How <paramref name="data"/> begins: the LINKTYPE_ number of files, or the DLT_ number libpcap gives while it captures.</param>
    /// <param name="originalLength">Bytes the packet had on the wire. If it is at most the number captured, it may not have been known: then the IP header decides.</param>
    /// <exception cref="ArgumentOutOfRangeException">The packet is longer than <see cref="MaxPacketLength"/>, or older than 1970.</exception>
    /// <exception cref="InvalidOperationException">The previous packet has not been read, or the analysis is complete.</exception>
    public void Add(ReadOnlyMemory<byte> data, long time, int linkType, int originalLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, MaxPacketLength);
        ArgumentOutOfRangeException.ThrowIfNegative(time);
        linkType = DataLink.ToLinkType(linkType);
        _feed.Add(data, time, linkType, originalLength > data.Length ? originalLength : WireLength.Of(data.Span, linkType));
    }

    /// <summary>Counts a packet that could not be read, so that later frames keep their numbers.</summary>
    public void Skip() => _feed.Skip();

    /// <summary>The next record that is final by the packets up to now; false if the next packet is needed, or all records have been returned.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool TryNext([NotNullWhen(true)] out ConnectionClose? record, CancellationToken cancellation = default) => Analyzer.TryNextReady(out record, cancellation);

    /// <summary>Ends the input: connections that are open now are reported as open.</summary>
    public void Complete() => _feed.Stop();

    /// <summary>Ends the analysis. Records that were returned stay valid.</summary>
    public void Dispose() => Analyzer.Dispose();
}

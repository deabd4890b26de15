using System.Diagnostics.CodeAnalysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Analyzes packets that another program has captured, one by one. After each <see cref="Add"/>, <see cref="TryNext"/> returns the records that the
/// packet made final; after <see cref="Complete"/>, all others. No packet is kept. Not to be used by two threads at a time.
/// </summary>
public sealed class PacketAnalysis : IDisposable
{
    /// <summary>The most bytes of a packet; the bound of a file's frame is the same.</summary>
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

    /// <summary>Has the outcomes of the packets. Read them after <see cref="Complete"/>.</summary>
    public CloseAnalyzer Analyzer { get; }

    /// <summary>The name that records and messages have in place of a file.</summary>
    public string Name => _feed.Name;

    /// <summary>Packets handed over and skipped, which is also the number of the newest frame.</summary>
    public long Packets => _feed.Packets;

    /// <summary>Adds a packet. It is read while records are taken, so call <see cref="TryNext"/> until it returns false.</summary>
    /// <param name="data">The captured bytes, from the link layer's header on. They are not copied, and may change once <see cref="TryNext"/> has
    /// returned false.</param>
    /// <param name="time">Nanoseconds since 1970-01-01T00:00:00Z; not before that.</param>
    /// <param name="linkType">The type of the first header: the LINKTYPE_ number of files, or the DLT_ number that libpcap gives while it captures.</param>
    /// <param name="originalLength">Bytes that the packet had on the wire. A number that is not above the captured length may be a guess of the
    /// caller, so the length in the IP header is used then.</param>
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

    /// <summary>Returns the next record that the packets so far have made final; false if the next packet is needed, or all records have been returned.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public bool TryNext([NotNullWhen(true)] out ConnectionClose? record, CancellationToken cancellation = default) => Analyzer.TryNextReady(out record, cancellation);

    /// <summary>Ends the input: connections that are open now are reported as open.</summary>
    public void Complete() => _feed.Stop();

    /// <summary>Ends the analysis. Records that were returned stay valid.</summary>
    public void Dispose() => Analyzer.Dispose();
}

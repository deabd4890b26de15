using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>An example of the connections of a <see cref="SummaryLine"/>.</summary>
public sealed class SummaryExample : INaturalOrder<SummaryExample>
{
    internal SummaryExample(in CountedExample of)
    {
        Path = of.Path;
        Stream = of.Stream;
        Frame = of.Frame;
        WiresharkFilter = of.Filter ?? Reports.WiresharkFilter.OfStream(of.Stream);
    }

    /// <summary>The capture, with a computer's name before it if the record came from another computer.</summary>
    public string Path { get; }

    /// <summary>The stream number of the connection in that capture.</summary>
    public int Stream { get; }

    /// <summary>The frame that shows the closing: the first RST, otherwise the first FIN, otherwise the last frame.</summary>
    public long Frame { get; }

    /// <summary>The display filter that shows it in Wireshark.</summary>
    public string WiresharkFilter { get; }

    /// <summary>Returns the frame that shows the closing of a connection.</summary>
    public static long ChooseFrame(long? clientReset, long? serverReset, long? clientFin, long? serverFin, long last) =>
        Earlier(clientReset, serverReset) ?? Earlier(clientFin, serverFin) ?? last;

    /// <summary>Compares by capture, and within a capture by the order in which they began.</summary>
    public int CompareTo(SummaryExample? other) => other is null
        ? 1
        : string.CompareOrdinal(Path, other.Path) is not 0 and var byPath ? byPath : Stream.CompareTo(other.Stream);

    /// <summary>Returns the example as one line.</summary>
    public override string ToString() => DisplayText.Of(string.Create(CultureInfo.InvariantCulture, $"{Path} frame {Frame}: {WiresharkFilter}"));

    private static long? Earlier(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;
}

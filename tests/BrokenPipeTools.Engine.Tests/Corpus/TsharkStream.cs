using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Captures;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Corpus;

/// <summary>A TCP stream as tshark 4.0 reports it, with IP reassembly on; in the table, <c>a</c> is the sender of its first packet.</summary>
internal sealed class TsharkStream(TableRow row)
{
    /// <summary>tshark writes the gap with six decimals.</summary>
    private const decimal GapTolerance = 0.001m;

    /// <summary>A record's times are multiples of 100 ns.</summary>
    private const decimal TimeTolerance = 0.00001m;

    /// <summary>All streams that are connections; streams that consist only of headers quoted in ICMP errors are left out.</summary>
    public static IReadOnlyList<TsharkStream> All { get; } = [.. PublicCaptures.Table("tshark.csv").Where(row => row["quoted_only"] == "0").Select(row => new TsharkStream(row))];

    public string File => row["file"];

    public int Stream => (int)row.Number("stream")!.Value;

    public long FirstFrame => row.Number("first_frame")!.Value;

    public Endpoints Endpoints => Endpoints.Of(row, "a_ip", "a_port", "b_ip", "b_port");

    private string A => Endpoints.Endpoint(row["a_ip"], row["a_port"]);

    private bool HasOneEndpoint => Endpoints.Low == Endpoints.High;

    /// <summary>The side that the handshake shows to be the client; null without one.</summary>
    private string? Opener => (Seen("syn_a"), Seen("syn_b"), Seen("synack_a"), Seen("synack_b")) switch
    {
        (true, false, _, _) => "a",
        (false, true, _, _) => "b",
        (_, _, false, true) => "a",
        (_, _, true, false) => "b",
        _ => null,
    };

    /// <summary>The properties of a record that differ from tshark's.</summary>
    public IReadOnlyList<string> Differences(ConnectionClose seen)
    {
        if (HasOneEndpoint) // both sides have the same address and port: only the other fields distinguish them
            return new[] { Differences(seen, "a", "b"), Differences(seen, "b", "a") }.MinBy(found => found.Count)!;
        (string client, string server) = Endpoints.Client(seen) == A ? ("a", "b") : ("b", "a");
        List<string> differences = Differences(seen, client, server);
        if (Opener is { } opener && opener != client)
            differences.Add("Client");
        return differences;
    }

    private List<string> Differences(ConnectionClose seen, string client, string server)
    {
        (string Property, bool Agrees)[] compared =
        [
            (nameof(seen.LastFrame), seen.LastFrame == row.Number("last_frame")),
            (nameof(seen.StartTime), IsNear(Seconds(seen.StartTime), row.Decimal("first_time"), TimeTolerance)),
            (nameof(seen.EndTime), IsNear(Seconds(seen.EndTime), row.Decimal("last_time"), TimeTolerance)),
            (nameof(seen.MaxGap), IsNear((decimal)seen.MaxGap, row.Decimal("max_gap"), GapTolerance)),
            (nameof(seen.Packets), seen.Packets == row.Number("frames")),
            (nameof(seen.ClientPackets), seen.ClientPackets == row.Number($"{client}_frames")),
            (nameof(seen.ServerPackets), seen.ServerPackets == row.Number($"{server}_frames")),
            (nameof(seen.ClientBytes), IsOneOf(seen.ClientBytes, $"{client}_payload_bytes", $"{client}_unique_bytes")),
            (nameof(seen.ServerBytes), IsOneOf(seen.ServerBytes, $"{server}_payload_bytes", $"{server}_unique_bytes")),
            (nameof(seen.ClientRetransmissions), IsOneOf(seen.ClientRetransmissions, $"retrans_{client}", $"covered_{client}", seen.Duplicates)),
            (nameof(seen.ServerRetransmissions), IsOneOf(seen.ServerRetransmissions, $"retrans_{server}", $"covered_{server}", seen.Duplicates)),
            (nameof(seen.ClientFinFrame), seen.ClientFinFrame == row.Number($"{client}_fin_first_frame")),
            (nameof(seen.ServerFinFrame), seen.ServerFinFrame == row.Number($"{server}_fin_first_frame")),
            (nameof(seen.ClientResetFrame), seen.ClientResetFrame == row.Number($"{client}_rst_first_frame")),
            (nameof(seen.ServerResetFrame), seen.ServerResetFrame == row.Number($"{server}_rst_first_frame")),
        ];
        return [.. compared.Where(column => !column.Agrees).Select(column => column.Property)];
    }

    private static bool IsNear(decimal seen, decimal expected, decimal tolerance) => Math.Abs(seen - expected) <= tolerance;

    private static decimal Seconds(DateTime time) => (decimal)(time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond;

    /// <summary>Accepts two ways to count: with and without retransmissions, or by tshark's marks and by sequence numbers that were all seen before.</summary>
    private bool IsOneOf(long seen, string one, string other, long duplicates = 0) => IsFromTo(row.Number(one), seen, duplicates) || IsFromTo(row.Number(other), seen, duplicates);

    /// <summary>
    /// Tshark treats a packet that was captured twice as a retransmission; this project counts duplicates of both sides separately, including those
    /// without payload.
    /// </summary>
    private static bool IsFromTo(long? expected, long seen, long duplicates) => expected >= seen && expected <= seen + duplicates;

    private bool Seen(string column) => row.Number(column) > 0;
}

namespace BrokenPipeTools.Capture.Text;

/// <summary>The positions of the needed columns in a packet list; -1 for a column that is missing.</summary>
internal sealed record RowColumns
{
    private static readonly string[] Numbers = ["no.", "no", "frame.number", "number", "#", "_ws.col.no.", "_ws.col.number"];
    private static readonly string[] Times = ["time", "_ws.col.time", "frame.time_relative", "frame.time_epoch", "absolute time", "utc date, as yyyy-mm-dd, and time", "utc time", "date"];
    private static readonly string[] Sources = ["source", "ip.src", "ipv6.src", "src", "source address", "src addr", "_ws.col.source"];
    private static readonly string[] Destinations = ["destination", "ip.dst", "ipv6.dst", "dst", "destination address", "dest", "dst addr", "_ws.col.destination"];
    private static readonly string[] SourcePorts = ["src port", "source port", "srcport", "sport", "tcp.srcport"];
    private static readonly string[] DestinationPorts = ["dst port", "dest port", "destination port", "dstport", "dport", "tcp.dstport"];
    private static readonly string[] Protocols = ["protocol", "_ws.col.protocol", "proto"];
    private static readonly string[] Lengths = ["length", "_ws.col.length", "frame.len", "packet length", "packet length (bytes)", "len"];
    private static readonly string[] Infos = ["info", "_ws.col.info", "information"];

    public int Number { get; init; }

    public int Time { get; init; }

    public int Source { get; init; }

    public int Destination { get; init; }

    public int SourcePort { get; init; }

    public int DestinationPort { get; init; }

    public int Protocol { get; init; }

    public int Length { get; init; }

    public int Info { get; init; }

    /// <summary>Returns whether a line can be a header: it must contain the name of the column Source.</summary>
    public static bool MayBe(string line) => line.Contains("src", StringComparison.OrdinalIgnoreCase) || line.Contains("source", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the columns that a header names; null if the cells are not a header.</summary>
    public static RowColumns? Read(IReadOnlyList<string> cells)
    {
        RowColumns columns = new()
        {
            Number = Find(cells, Numbers),
            Time = Find(cells, Times),
            Source = Find(cells, Sources),
            Destination = Find(cells, Destinations),
            SourcePort = Find(cells, SourcePorts),
            DestinationPort = Find(cells, DestinationPorts),
            Protocol = Find(cells, Protocols),
            Length = Find(cells, Lengths),
            Info = Find(cells, Infos),
        };
        return columns is { Source: >= 0, Destination: >= 0 } && (columns.Info >= 0 || columns.Protocol >= 0) ? columns : null;
    }

    private static int Find(IReadOnlyList<string> cells, string[] names)
    {
        for (int i = 0; i < cells.Count; i++)
        {
            if (names.Contains(cells[i].Trim().ToLowerInvariant()))
                return i;
        }

        return -1;
    }
}

using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>The connections of one of two captures, and the time that it covers.</summary>
internal sealed class CapturedPlace
{
    private readonly List<PlacedConnection> _connections = [];
    private readonly HashSet<(string Address, int Port)> _servers = [];

    /// <summary>In the order of the capture.</summary>
    public IReadOnlyList<PlacedConnection> Connections => _connections;

    /// <summary>The first and last time of a segment, nanoseconds since 1970.</summary>
    public long Start { get; private set; } = long.MaxValue;

    public long End { get; private set; } = long.MinValue;

    /// <summary>The capture dropped packets, or has acknowledgments of payload that it does not have: any other packet may be missing too.</summary>
    public bool MayMiss { get; private set; }

    public void Add(ConnectionClose record)
    {
        PlacedConnection connection = new(record);
        _connections.Add(connection);
        _servers.Add((record.ServerAddress, record.ServerPort));
        MayMiss |= (record.CaptureQuality & (CaptureQuality.Drops | CaptureQuality.Gaps)) != 0;
        Start = Math.Min(Start, connection.StartTime);
        End = Math.Max(End, connection.EndTime);
    }

    /// <summary>Whether it has a connection to a server.</summary>
    public bool HasServer(ConnectionClose record) => _servers.Contains((record.ServerAddress, record.ServerPort));

    /// <summary>Whether the capture was running at a time of its own clock.</summary>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="tolerance">Nanoseconds by which the time may be wrong: above 0 it counts in favour of the capture, below 0 against it.</param>
    public bool Covers(long time, long tolerance) => time >= Start - tolerance && time <= End + tolerance;
}

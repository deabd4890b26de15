using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>The connections of one of two captures, and the time that it covers.</summary>
internal sealed class CapturedPlace
{
    private readonly List<PlacedConnection> _connections = [];
    private readonly HashSet<PlacedConnection> _members = [];
    private readonly Dictionary<string, byte?> _timesToLive = [];
    private ILookup<(ObservationKind Kind, SequenceNumber Sequence), PlacedPacket>? _closings;

    /// <summary>The connections, in the order of the capture.</summary>
    public IReadOnlyList<PlacedConnection> Connections => _connections;

    /// <summary>The first and last time of a frame, nanoseconds since 1970.</summary>
    public long Start { get; private set; } = long.MaxValue;

    public long End { get; private set; } = long.MinValue;

    /// <summary>The capture dropped packets, or lacks some that were acknowledged: any other packet may be missing, too.</summary>
    public bool MayMiss { get; private set; }

    public void Add(ConnectionClose record)
    {
        PlacedConnection connection = new(record);
        _connections.Add(connection);
        _members.Add(connection);
        MayMiss |= (record.CaptureQuality & CaptureQuality.Drops) != 0 || connection.LacksAcknowledged;
        Extend(connection.StartTime);
        Extend(connection.EndTime);
        NoteTimeToLive(record.ServerAddress, connection.TimeToLive(StepSide.Server));
        NoteTimeToLive(record.ClientAddress, connection.TimeToLive(StepSide.Client));
    }

    /// <summary>Whether a connection is one of this capture.</summary>
    public bool Has(PlacedConnection connection) => _members.Contains(connection);

    /// <summary>The capture was running at this time.</summary>
    public void Extend(long time)
    {
        Start = Math.Min(Start, time);
        End = Math.Max(End, time);
    }

    /// <summary>The TTL with which all packets of a host arrive at this place, RSTs left out; null if they have several, or none is known.</summary>
    public byte? TimeToLiveOf(string address) => _timesToLive.GetValueOrDefault(address);

    /// <summary>Whether any connection has a closing packet with this number at about this time: a device may have given it other endpoints.</summary>
    public bool HasClosing(ObservationKind kind, SequenceNumber sequence, long time, long tolerance)
    {
        _closings ??= _connections.SelectMany(one => one.PacketsOf(StepSide.Client).Concat(one.PacketsOf(StepSide.Server)))
            .Where(packet => packet.Kind is ObservationKind.Fin or ObservationKind.Rst)
            .ToLookup(packet => (packet.Kind, packet.Sequence));
        return _closings[(kind, sequence)].Any(packet => Math.Abs(packet.Time - time) <= tolerance);
    }

    /// <summary>Whether the capture was running at a time of its own clock.</summary>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="tolerance">Nanoseconds by which the time may be wrong: above 0 it counts in favor of the capture, below 0 against it.</param>
    public bool Covers(long time, long tolerance) => time >= Start - tolerance && time <= End + tolerance;

    private void NoteTimeToLive(string address, byte? timeToLive)
    {
        if (timeToLive is null or 0)
            return;
        _timesToLive[address] = !_timesToLive.TryGetValue(address, out byte? known) || known == timeToLive ? timeToLive : null;
    }
}

using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>The connections of one of the two captures, and the time that the capture covers.</summary>
internal sealed class CapturedPlace
{
    private readonly List<PlacedConnection> _connections = [];
    private readonly HashSet<PlacedConnection> _members = [];
    private readonly Dictionary<string, byte?> _timesToLive = [];
    private ILookup<(ObservationKind Kind, SequenceNumber Sequence), PlacedPacket>? _closings;

    /// <summary>The connections, in the order of the capture.</summary>
    public IReadOnlyList<PlacedConnection> Connections => _connections;

    /// <summary>The time of the first frame, in nanoseconds since 1970.</summary>
    public long Start { get; private set; } = long.MaxValue;

    public long End { get; private set; } = long.MinValue;

    /// <summary>
    /// Whether any packet may be missing from the capture: frames were dropped while capturing, or packets that were acknowledged are not in it.
    /// </summary>
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

    /// <summary>Returns whether a connection belongs to this capture.</summary>
    public bool Has(PlacedConnection connection) => _members.Contains(connection);

    /// <summary>Notes that the capture was running at a time, in nanoseconds since 1970.</summary>
    public void Extend(long time)
    {
        Start = Math.Min(Start, time);
        End = Math.Max(End, time);
    }

    /// <summary>
    /// Returns the TTL with which all packets of a host arrive at this place, without RSTs. Null if they have several TTLs, or if none is known.
    /// </summary>
    public byte? TimeToLiveOf(string address) => _timesToLive.GetValueOrDefault(address);

    /// <summary>
    /// Returns whether any connection has a closing packet with this sequence number at about this time. A device may have given the packet other
    /// endpoints.
    /// </summary>
    public bool HasClosing(ObservationKind kind, SequenceNumber sequence, long time, long tolerance)
    {
        _closings ??= _connections.SelectMany(one => one.PacketsOf(StepSide.Client).Concat(one.PacketsOf(StepSide.Server)))
            .Where(packet => packet.Kind is ObservationKind.Fin or ObservationKind.Rst)
            .ToLookup(packet => (packet.Kind, packet.Sequence));
        return _closings[(kind, sequence)].Any(packet => Math.Abs(packet.Time - time) <= tolerance);
    }

    /// <summary>Returns whether the capture was running at a time of its own clock.</summary>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="tolerance">Nanoseconds by which the time may be wrong. A value above 0 makes the covered time longer, a value below 0 makes it
    /// shorter.</param>
    public bool Covers(long time, long tolerance) => time >= Start - tolerance && time <= End + tolerance;

    private void NoteTimeToLive(string address, byte? timeToLive)
    {
        if (timeToLive is null or 0)
            return;
        _timesToLive[address] = !_timesToLive.TryGetValue(address, out byte? known) || known == timeToLive ? timeToLive : null;
    }
}

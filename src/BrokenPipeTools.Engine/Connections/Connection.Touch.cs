namespace BrokenPipeTools.Connections;

/// <summary>Brings a connection into the processor's cache before it is needed.</summary>
internal sealed partial class Connection
{
    /// <summary>Reads a little of every part that a segment will need; the sum means nothing.</summary>
    public uint Touch() => Hash + (uint)_side0.Packets + (uint)_side0.Marks + (uint)_side1.Packets + (uint)_side1.Marks
        + (uint)LatestTime + _log.Touch() + (uint)_zeek.State0 + (_close.HasBegun ? 1u : 0);

    /// <summary>The same of every part that a record of it will need.</summary>
    public uint TouchAll() => Touch() + (uint)LastFrame + (uint)MaxGap + _log.TouchRecorded();
}

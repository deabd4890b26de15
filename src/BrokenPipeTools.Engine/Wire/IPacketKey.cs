namespace BrokenPipeTools.Wire;

/// <summary>A key that comes from packets.</summary>
internal interface IPacketKey
{
    /// <summary>Hashes the key with a table's secret.</summary>
    uint Hash(in HashSecret secret);
}

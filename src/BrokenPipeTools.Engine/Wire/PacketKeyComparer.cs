namespace BrokenPipeTools.Wire;

/// <summary>Compares keys that come from packets, with its own secret.</summary>
internal sealed class PacketKeyComparer<TKey> : IEqualityComparer<TKey>
    where TKey : struct, IEquatable<TKey>, IPacketKey
{
    private readonly HashSecret _secret = HashSecret.Create();

    /// <inheritdoc/>
    public bool Equals(TKey x, TKey y) => x.Equals(y);

    /// <inheritdoc/>
    public int GetHashCode(TKey obj) => (int)obj.Hash(_secret);
}

namespace BrokenPipeTools.Capture.Text;

/// <summary>The address of a host of a text trace: its own, or a number that stands for its name. IPv4 is in the low 32 bits of <paramref name="Low"/>.</summary>
internal readonly record struct TraceAddress(ulong High, ulong Low, bool IsIPv6)
{
    /// <summary>The writer of a text chooses the addresses: the hash is keyed by a secret of the process, and no two words cancel each other before that.</summary>
    public override int GetHashCode() => HashCode.Combine((uint)High, (uint)(High >> 32), (uint)Low, (uint)(Low >> 32), IsIPv6);
}

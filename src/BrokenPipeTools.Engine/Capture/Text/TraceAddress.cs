namespace BrokenPipeTools.Capture.Text;

/// <summary>The address of a host in a text trace, or a number that represents its name. IPv4 is in the low 32 bits of <paramref name="Low"/>.</summary>
internal readonly record struct TraceAddress(ulong High, ulong Low, bool IsIPv6)
{
    /// <summary>
    /// The writer of a text chooses the addresses, so the hash has a secret key, and no two words cancel each other out before the key is applied.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine((uint)High, (uint)(High >> 32), (uint)Low, (uint)(Low >> 32), IsIPv6);
}

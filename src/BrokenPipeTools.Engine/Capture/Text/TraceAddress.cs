namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The address of a host in a text trace. A host that is printed by name has a number in place of an address. IPv4 is in the low 32 bits of
/// <paramref name="Low"/>.
/// </summary>
internal readonly record struct TraceAddress(ulong High, ulong Low, bool IsIPv6)
{
    /// <summary>
    /// The hash is keyed with a secret, because the author of the text chooses the addresses. The two words cannot cancel each other out before the
    /// key is applied.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine((uint)High, (uint)(High >> 32), (uint)Low, (uint)(Low >> 32), IsIPv6);
}

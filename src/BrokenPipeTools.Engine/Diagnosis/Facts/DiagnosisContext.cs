using System.Net;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>The input of a diagnosis besides the packets. All records of an analysis use the same object; it never changes.</summary>
internal sealed class DiagnosisContext
{
    private readonly KnownTimers? _timers;
    private readonly HostNames? _names;
    private readonly HashSet<(bool IsIPv6, IpBits Address)> _local;

    /// <param name="timers">The timers; null for the built-in ones.</param>
    /// <param name="local">The addresses of this host.</param>
    /// <param name="names">The host names that are used in place of addresses; null if there are none.</param>
    public DiagnosisContext(KnownTimers? timers, IEnumerable<IPAddress> local, HostNames? names = null)
    {
        _names = names;
        _timers = timers;
        _local = [.. local.Select(Bits)];
    }

    /// <summary>A context with the built-in timers and no local side.</summary>
    public static DiagnosisContext Neutral { get; } = new(null, []);

    /// <summary>The host names that are used in place of addresses; null if there are none.</summary>
    public HostNames? Names => _names;

    public KnownTimers Timers => _timers ?? KnownTimers.BuiltIn;

    /// <summary>Returns the host name that is used in place of an address; if there is no name, the address itself.</summary>
    public string HostOf(IpBits address, bool isIPv6) => NameOf(address, isIPv6) ?? address.ToAddress(isIPv6).ToString();

    /// <summary>Returns the host name that is used in place of an address; null if there is none.</summary>
    public string? NameOf(IpBits address, bool isIPv6) => _names?.Find(address.High, address.Low, isIPv6);

    /// <summary>
    /// Returns the end on this host, found from the given addresses or else from the packets' directions. If both ends are on this host (loopback),
    /// returns the client's end. Returns -1 if neither is.
    /// </summary>
    public int LocalEnd(Connection connection, int client)
    {
        if (_local.Count == 0)
            return CaptureSide.LocalEnd(connection);
        return IsLocal(connection, client) ? client : IsLocal(connection, 1 - client) ? 1 - client : -1;
    }

    private bool IsLocal(Connection connection, int end) =>
        _local.Contains((connection.Key.IsIPv6, connection.Endpoint(end).Address));

    /// <summary>
    /// Returns the bits of an address as packets have them: without a scope, and ::ffff:192.0.2.1 of a socket as 192.0.2.1 (RFC 4291, section
    /// 2.5.5.2).
    /// </summary>
    private static (bool IsIPv6, IpBits Address) Bits(IPAddress address)
    {
        IPAddress onWire = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = onWire.GetAddressBytes();
        return bytes.Length == 16 ? (true, IpBits.ReadIPv6(bytes)) : (false, IpBits.ReadIPv4(bytes));
    }
}

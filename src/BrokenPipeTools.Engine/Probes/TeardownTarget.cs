using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>An endpoint to probe.</summary>
/// <param name="ComputerName">A host name, or an address. A link-local IPv6 address needs its scope: <c>fe80::1%eth0</c>.</param>
/// <param name="Port">The port, from 1 to 65,535.</param>
public sealed record TeardownTarget(string ComputerName, int Port)
{
    /// <summary>
    /// Returns whether a text can be a host name or an address, by its characters. False for a URL, an empty text, white space (RFC 1123, section
    /// 2.1), and a name or an address with a port, such as example.org:443 or [::1]:443.
    /// </summary>
    public static bool CanBeHost(string? name) =>
        !string.IsNullOrEmpty(name) && !name.Any(c => c is '/' or '\\' or '@' || char.IsWhiteSpace(c) || char.IsControl(c))
        && (!name.Contains(':', StringComparison.Ordinal) || (IPAddress.TryParse(name, out _) && !name.Contains("]:", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => new EndpointText(ComputerName, Port).ToString();
}

using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>A target of a probe.</summary>
/// <param name="ComputerName">A name, or an address; an IPv6 link-local address with its scope: <c>fe80::1%eth0</c>.</param>
/// <param name="Port">From 1 to 65,535.</param>
public sealed record TeardownTarget(string ComputerName, int Port)
{
    /// <summary>
    /// Checks the characters of a name or an address. Returns false for a URL, an empty text, white space (RFC 1123, section 2.1), and a name or an
    /// address with a port: example.org:443, [::1]:443.
    /// </summary>
    public static bool CanBeHost(string? name) =>
        !string.IsNullOrEmpty(name) && !name.Any(c => c is '/' or '\\' or '@' || char.IsWhiteSpace(c) || char.IsControl(c))
        && (!name.Contains(':', StringComparison.Ordinal) || (IPAddress.TryParse(name, out _) && !name.Contains("]:", StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => new EndpointText(ComputerName, Port).ToString();
}

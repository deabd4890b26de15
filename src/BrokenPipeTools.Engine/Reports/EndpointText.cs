using System.Globalization;
using System.Net;

namespace BrokenPipeTools.Reports;

/// <summary>An endpoint as text.</summary>
/// <param name="Address">The address, or a name in its place.</param>
/// <param name="Port">The port.</param>
internal readonly record struct EndpointText(string Address, int Port)
{
    public EndpointText(IPEndPoint endPoint)
        : this(endPoint.Address.ToString(), endPoint.Port)
    {
    }

    /// <summary>Returns address and port as in a URL: an IPv6 address in brackets (RFC 3986, section 3.2.2), also if it has them already.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Address.Contains(':', StringComparison.Ordinal) && Address is not ['[', .., ']'] ? $"[{Address}]" : Address)}:{Port}");
}

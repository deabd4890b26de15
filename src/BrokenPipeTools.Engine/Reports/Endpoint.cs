using System.Globalization;

namespace BrokenPipeTools.Reports;

/// <summary>One end of a connection, in words.</summary>
internal static class Endpoint
{
    /// <summary>Address and port as in a URL: an IPv6 address in brackets (RFC 3986, section 3.2.2).</summary>
    public static string Describe(string address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        return string.Create(CultureInfo.InvariantCulture, $"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{port}");
    }
}

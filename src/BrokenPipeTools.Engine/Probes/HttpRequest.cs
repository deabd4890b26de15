using System.Globalization;
using System.Net;
using System.Text;

namespace BrokenPipeTools.Probes;

/// <summary>Makes the HTTP request for a path. The request asks to keep the connection (RFC 9112).</summary>
internal static class HttpRequest
{
    public static ReadOnlyMemory<byte> Get(string path, TeardownTarget target) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {Host(target)}\r\nUser-Agent: BrokenPipeTools\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n");

    /// <summary>Returns whether a request has bytes after its head (RFC 9112, section 2.1).</summary>
    public static bool HasBody(ReadOnlySpan<byte> request)
    {
        int end = request.IndexOf("\r\n\r\n"u8);
        return end >= 0 && end + 4 < request.Length;
    }

    /// <summary>
    /// Returns the Host field. An IPv6 address is in brackets and without its scope, which has no meaning for the server (RFC 9844, section 4).
    /// </summary>
    private static string Host(TeardownTarget target)
    {
        string name = target.ComputerName;
        if (IPAddress.TryParse(name, out IPAddress? address))
            name = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{new IPAddress(address.GetAddressBytes())}]" : address.ToString();
        else if (name.Any(c => c > 0x7F))
            name = new IdnMapping().GetAscii(name);
        return target.Port == 80 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{target.Port}");
    }
}

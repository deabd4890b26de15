using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The server that connections are passed on to.</summary>
internal sealed record UpstreamTarget(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, an IPv6 address in brackets (RFC 3986, section 3.2.2). Returns null if it is something else.</summary>
    public static UpstreamTarget? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > IPEndPoint.MaxPort)
            return null;
        string host = text[..colon];
        if (host is ['[', .. string address, ']'])
            return IPAddress.TryParse(address, out _) ? new UpstreamTarget(address, port) : null;
        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 ? new UpstreamTarget(host, port) : null;
    }

    /// <summary>Connects. The name is resolved each time.</summary>
    /// <exception cref="UpstreamException">It cannot be reached in time.</exception>
    public async ValueTask<Socket> ConnectAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Host, Port, time.Token).ConfigureAwait(false);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            ProcessGate.Close(socket);
            if (cancellation.IsCancellationRequested)
                throw;
            throw new UpstreamException(e is SocketException error ? SocketErrors.Name(error) : "ETIMEDOUT");
        }
    }

    public override string ToString() => Endpoint.Describe(Host, Port);
}

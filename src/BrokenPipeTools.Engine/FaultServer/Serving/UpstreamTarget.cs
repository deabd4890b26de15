using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The server that connections are forwarded to.</summary>
internal sealed record UpstreamTarget(string Host, int Port)
{
    /// <summary>Parses host:port, with an IPv6 address in brackets (RFC 3986, section 3.2.2). Returns null for anything else.</summary>
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

    /// <summary>
    /// Connects to the first address of the host's name that answers. The name is resolved for each call. Each address gets only its share of the
    /// time, so that the others are tried even if one does not answer.
    /// </summary>
    /// <exception cref="UpstreamException">The upstream server cannot be reached in time.</exception>
    public async ValueTask<Socket> ConnectAsync(TimeSpan limit, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            IPAddress[] addresses = IPAddress.TryParse(Host, out IPAddress? literal)
                ? [literal]
                : await Dns.GetHostAddressesAsync(Host, cancellation).WaitAsync(limit, cancellation).ConfigureAwait(false);
            for (int i = 0; i < addresses.Length - 1; i++)
            {
                try
                {
                    return await ConnectAsync(addresses[i], (limit - Stopwatch.GetElapsedTime(start)) / (addresses.Length - i), cancellation).ConfigureAwait(false);
                }
                catch (Exception e) when (e is SocketException or TimeoutException)
                {
                    // The next address may answer.
                }
            }

            return addresses.Length > 0
                ? await ConnectAsync(addresses[^1], limit - Stopwatch.GetElapsedTime(start), cancellation).ConfigureAwait(false)
                : throw new UpstreamException(nameof(SocketError.HostNotFound));
        }
        catch (SocketException e)
        {
            throw new UpstreamException(e.SocketErrorCode == SocketError.TooManyOpenSockets ? SharedDescriptors.NoneLeft : SocketErrors.Name(e));
        }
        catch (TimeoutException)
        {
            throw new UpstreamException("ETIMEDOUT");
        }
    }

    public override string ToString() => new EndpointText(Host, Port).ToString();

    /// <exception cref="SocketException">The address cannot be reached.</exception>
    /// <exception cref="TimeoutException">The address did not answer in time.</exception>
    private async Task<Socket> ConnectAsync(IPAddress address, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SharedDescriptors.Count(socket);
        SharedDescriptors.KeepReserve();
        try
        {
            await socket.ConnectAsync(address, Port, time.Token).ConfigureAwait(false);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            SharedDescriptors.Close(socket);
            if (e is OperationCanceledException && !cancellation.IsCancellationRequested)
                throw new TimeoutException();
            throw;
        }
    }
}

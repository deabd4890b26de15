using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>Makes the connections of a probe, and notes the results.</summary>
internal sealed class ProbeDialer(TeardownOptions options, SocketTrace trace, TeardownObservation seen)
{
    /// <summary>The number of unanswered keepalive probes after which the kernel gives up.</summary>
    internal const int KeepAliveProbes = 3;

    /// <summary>Opens a socket that is not connected yet. Returns null, with the reason, if this machine cannot open one.</summary>
    public AsyncTracedSocket? Open(AddressFamily family, out string? failure)
    {
        try
        {
            failure = null;
            Socket socket = options.SocketFactory?.Invoke(family) ?? new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            socket.NoDelay = true; // written data must be sent immediately, because times are measured from the write
            AsyncTracedSocket opened = new(socket, trace);
            if (options.KeepAliveInterval is { } interval)
                opened.KeepAlive((int)interval.TotalSeconds, KeepAliveProbes);
            return opened;
        }
        catch (SocketException error)
        {
            failure = SocketErrors.Name(error);
            return null;
        }
    }

    /// <summary>Connects. Returns false if the connect failed.</summary>
    public async Task<bool> ConnectAsync(AsyncTracedSocket socket, IPEndPoint to, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        seen.HasRoute = null;
        seen.Connect = await DialAsync(socket, to, cancellation).ConfigureAwait(false);
        TimeSpan took = Stopwatch.GetElapsedTime(begin);
        if (socket.ResetInConnect is not null)
            seen.Connect = "ok"; // the connection existed, and the first read returns how it ended
        if (options.SocketFactory is null && RouteLookup.Concerns(seen.Connect))
            seen.HasRoute = RouteLookup.Compare(to, seen.Connect);
        seen.Cancelled |= seen.Connect == "blocks" && cancellation.IsCancellationRequested;
        if (seen.Connect != "ok")
            return false;
        seen.ConnectTime = took;
        seen.RoundTrip = socket.ReadInfo() is { RoundTrip: { Ticks: > 0 } measured } ? measured : took;
        return true;
    }

    /// <summary>Connects a second time, and closes immediately. Returns the result of connect.</summary>
    public async Task<string> TryAgainAsync(IPEndPoint to, CancellationToken cancellation)
    {
        using AsyncTracedSocket? socket = Open(to.AddressFamily, out string? failure);
        if (socket is null)
            return failure!;
        string result = await DialAsync(socket, to, cancellation).ConfigureAwait(false);
        socket.Close();
        return result;
    }

    private async Task<string> DialAsync(AsyncTracedSocket socket, IPEndPoint to, CancellationToken cancellation)
    {
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(options.ConnectTimeout);
        return (await socket.ConnectAsync(to, time.Token).ConfigureAwait(false)).Result;
    }
}

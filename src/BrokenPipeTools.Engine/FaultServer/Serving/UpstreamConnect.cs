using System.Buffers;
using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Connects to the upstream server for a client's connection. A RST of the client ends the attempt immediately. A FIN of the client ends it only
/// after a second, because a client that has only half-closed still waits for an answer, and most upstream servers accept sooner.
/// </summary>
internal sealed class UpstreamConnect(ServerConnection connection, UpstreamTarget target, CancellationToken over)
{
    /// <summary>The most bytes of the client that are read before the connection to the upstream server exists.</summary>
    private const int MostAhead = 64 << 10;

    /// <summary>
    /// The time from the beginning of the connect after which the client's FIN ends it. A lost SYN is sent again after a second (RFC 6298, section
    /// 2.1).
    /// </summary>
    private static readonly TimeSpan HalfCloseWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StateLook = TimeSpan.FromMilliseconds(50);

    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Connects. Returns null if the client closed first. When this returns, no call is in progress on the client's socket.</summary>
    /// <exception cref="UpstreamException">The upstream server cannot be reached.</exception>
    /// <exception cref="SocketException">The client's socket failed.</exception>
    public async Task<Socket?> RunAsync()
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(over);
        Task<Socket> connecting = target.ConnectAsync(connection.Options.HeaderTimeout, end.Token).AsTask();
        Task leaving = AwaitLeaveAsync(end.Token);
        await Task.WhenAny(connecting, leaving).ConfigureAwait(false);
        bool hasLeft = leaving.IsCompleted;
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(connecting, leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (leaving.IsFaulted && connecting.IsCompletedSuccessfully)
            SharedDescriptors.Close(await connecting.ConfigureAwait(false));
        if (leaving.IsFaulted || (hasLeft && !connecting.IsCompletedSuccessfully))
        {
            await leaving.ConfigureAwait(false);
            return null;
        }

        return await connecting.ConfigureAwait(false);
    }

    /// <summary>Reads ahead, up to a limit, until the client has closed.</summary>
    private async Task AwaitLeaveAsync(CancellationToken cancellation)
    {
        await connection.ReceiveAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false); // waits without a buffer
        byte[] ahead = ArrayPool<byte>.Shared.Rent(MostAhead);
        int held = 0;
        try
        {
            for (int count = 1; count > 0 && held < MostAhead; held += count)
                count = await connection.ReceiveAsync(ahead.AsMemory(held, MostAhead - held), cancellation).ConfigureAwait(false);
            if (held == MostAhead)
                await AwaitFinAsync(cancellation).ConfigureAwait(false);
            TimeSpan left = HalfCloseWait - Stopwatch.GetElapsedTime(_start);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, cancellation).ConfigureAwait(false);
        }
        finally
        {
            connection.PushBack(ahead.AsSpan(0, held));
            ArrayPool<byte>.Shared.Return(ahead);
        }
    }

    /// <summary>
    /// Waits for the client's FIN after bytes that are not read. Waits forever if the system does not show the FIN, or if the kernel has no room for
    /// the bytes before it.
    /// </summary>
    private async Task AwaitFinAsync(CancellationToken cancellation)
    {
        while (TcpInfo.StateOf(connection.Socket) is null or TcpState.Established)
            await Task.Delay(StateLook, cancellation).ConfigureAwait(false);
        if (TcpInfo.StateOf(connection.Socket) is TcpState.Closed)
            throw new SocketException((int)SocketError.ConnectionReset);
    }
}

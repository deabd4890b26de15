using System.Buffers;
using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Connects a client's connection to the upstream server. The client's RST ends that immediately; its FIN, once the connect takes longer
/// than a client that has only half-closed would wait for: most upstream servers answer in less than a second.
/// </summary>
internal sealed class UpstreamConnect(ServerConnection connection, UpstreamTarget target, CancellationToken over)
{
    /// <summary>The bytes of the client that are read before the upstream server is connected.</summary>
    private const int MostAhead = 64 << 10;

    /// <summary>The time from the begin of the connect. A lost SYN is sent again after a second (RFC 6298, section 2.1).</summary>
    private static readonly TimeSpan HalfClosePatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StateLook = TimeSpan.FromMilliseconds(50);

    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Returns null if the client closed first. Afterward no call is under way on its socket.</summary>
    /// <exception cref="UpstreamException">It cannot be reached.</exception>
    /// <exception cref="SocketException">The client failed.</exception>
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
            ProcessGate.Close(await connecting.ConfigureAwait(false));
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
        await connection.ReceiveAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false); // waits, without a buffer
        byte[] ahead = ArrayPool<byte>.Shared.Rent(MostAhead);
        int held = 0;
        try
        {
            for (int count = 1; count > 0 && held < MostAhead; held += count)
                count = await connection.ReceiveAsync(ahead.AsMemory(held, MostAhead - held), cancellation).ConfigureAwait(false);
            if (held == MostAhead)
                await AwaitFinAsync(cancellation).ConfigureAwait(false);
            TimeSpan left = HalfClosePatience - Stopwatch.GetElapsedTime(_start);
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
    /// Waits for the FIN behind bytes that are not read. Without end if the platform does not show it, or if more bytes are before it than
    /// the kernel takes.
    /// </summary>
    private async Task AwaitFinAsync(CancellationToken cancellation)
    {
        while (TcpInfo.StateOf(connection.Socket) is null or TcpState.Established)
            await Task.Delay(StateLook, cancellation).ConfigureAwait(false);
        if (TcpInfo.StateOf(connection.Socket) is TcpState.Closed)
            throw new SocketException((int)SocketError.ConnectionReset);
    }
}

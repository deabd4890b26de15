using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>How one direction of a forwarded connection ended.</summary>
/// <param name="Failed">The side whose socket failed. Null if the source sent FIN, or if its error is hidden from the destination.</param>
/// <param name="Error">The error of the socket. It also contains a client's error that is hidden from the upstream server, because the log shows it.</param>
/// <param name="Ticks">The time when the source's FIN was read, before it was forwarded (<see cref="Stopwatch"/> ticks).</param>
/// <param name="IsHidden">Whether the FIN was not forwarded, because the direction to the destination was silent.</param>
internal readonly record struct PumpEnd(ForwardSide? Failed, SocketException? Error, long Ticks, bool IsHidden = false);

/// <summary>
/// Forwards the bytes of one direction, and its FIN. It has a buffer only while it forwards, so an idle connection has none. It reads no more than
/// the other end accepts.
/// </summary>
/// <param name="from">The source of the bytes.</param>
/// <param name="to">The destination.</param>
/// <param name="limit">Decides how many bytes are forwarded.</param>
internal sealed class ForwardPump(ForwardEnd from, ForwardEnd to, ForwardLimit limit)
{
    private const int BufferBytes = 64 << 10;

    private volatile bool _isSilent;
    private volatile bool _hidesErrors;

    /// <summary>Discards all data, FIN and RST from now on.</summary>
    public void Silence() => _isSilent = true;

    /// <summary>Ignores from now on that the destination accepts no bytes, because the other direction is silent.</summary>
    public void HideErrors() => _hidesErrors = true;

    /// <summary>Runs until the source has closed, or one of the two sockets has failed.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public async Task<PumpEnd> RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await PassWhatCameAsync(cancellation).ConfigureAwait(false))
            {
            }

            PumpEnd end = new(null, null, Stopwatch.GetTimestamp(), _isSilent);
            if (!end.IsHidden)
                await ToAsync(() => to.FinishAsync(cancellation)).ConfigureAwait(false);
            return end;
        }
        catch (ForwardFailure e)
        {
            return _isSilent && e.Side == from.Side
                ? new PumpEnd(null, from.Side == ForwardSide.Client ? e.Error : null, Stopwatch.GetTimestamp(), IsHidden: true)
                : new PumpEnd(e.Side, e.Error, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Forwards the available bytes. Returns false if the source has closed.</summary>
    private async ValueTask<bool> PassWhatCameAsync(CancellationToken cancellation)
    {
        await ReadAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false); // waits without a buffer
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int count;
            do
            {
                count = await ReadAsync(buffer.AsMemory(0, BufferBytes), cancellation).ConfigureAwait(false);
                if (count > 0 && !_isSilent)
                    await PassAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            }
            while (count == BufferBytes); // more data are available

            return count > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        int allowed = limit.Allow(to.Side, bytes.Span);
        if (allowed > 0)
            await ToAsync(() => to.SendAsync(bytes[..allowed], cancellation)).ConfigureAwait(false);
        limit.CountPassed(to.Side, allowed);
        if (allowed < bytes.Length)
            await limit.Applied.WaitAsync(cancellation).ConfigureAwait(false);
        if (allowed < bytes.Length && !_isSilent)
            await ToAsync(() => to.SendAsync(bytes[allowed..], cancellation)).ConfigureAwait(false); // the fault belongs to the other direction
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await from.ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new ForwardFailure(from.Side, e);
        }
    }

    private async ValueTask ToAsync(Func<ValueTask> send)
    {
        try
        {
            await send().ConfigureAwait(false);
        }
        catch (SocketException) when (_hidesErrors)
        {
            _isSilent = true;
        }
        catch (SocketException e)
        {
            throw new ForwardFailure(to.Side, e);
        }
    }

    private sealed class ForwardFailure(ForwardSide side, SocketException error) : Exception
    {
        public ForwardSide Side => side;

        public SocketException Error => error;
    }
}

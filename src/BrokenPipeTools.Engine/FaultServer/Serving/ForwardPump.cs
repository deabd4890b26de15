using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>How a direction of a forwarded connection ended.</summary>
/// <param name="Failed">The side whose socket failed; null if the source sent FIN, or its error is hidden from the destination.</param>
/// <param name="Error">The error; that of a client whose error is hidden from the upstream server, too: the log has it.</param>
/// <param name="Ticks">When the source's FIN was read (<see cref="Stopwatch"/>), before it was passed on.</param>
/// <param name="IsHidden">The destination did not get a FIN: its direction was silent.</param>
internal readonly record struct PumpEnd(ForwardSide? Failed, SocketException? Error, long Ticks, bool IsHidden = false);

/// <summary>
/// Passes the bytes of one direction on, and its FIN. Holds a buffer only while there is something to pass: an idle connection has none,
/// and no more is read than the other end takes.
/// </summary>
/// <param name="from">Where the bytes come from.</param>
/// <param name="to">Where they go.</param>
/// <param name="limit">How many.</param>
internal sealed class ForwardPump(ForwardEnd from, ForwardEnd to, ForwardLimit limit)
{
    private const int BufferBytes = 64 << 10;

    private volatile bool _isSilent;
    private volatile bool _hidesErrors;

    /// <summary>From now on all data is discarded, FIN and RST too.</summary>
    public void Silence() => _isSilent = true;

    /// <summary>From now on nothing is concluded from a destination that takes no bytes: its own direction is silent.</summary>
    public void HideErrors() => _hidesErrors = true;

    /// <summary>Runs until the source has closed, or one of the two has failed.</summary>
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

    /// <summary>Returns false if the source has closed.</summary>
    private async ValueTask<bool> PassWhatCameAsync(CancellationToken cancellation)
    {
        await ReadAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false); // waits, without a buffer
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
            while (count == BufferBytes); // there is more

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
            await ToAsync(() => to.SendAsync(bytes[allowed..], cancellation)).ConfigureAwait(false); // the fault is the other direction's
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

using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>Sends and receives the bytes without TLS.</summary>
internal sealed class PlainChannel(AsyncTracedSocket socket) : ProbeChannel(socket)
{
    private readonly byte[] _buffer = new byte[16 << 10];
    private bool _read;

    public override async Task<Arrival> ReceiveAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (!_read && Socket.ResetInConnect is { } reset)
        {
            _read = true;
            return ArrivalOf(reset, default);
        }

        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit);
        return ArrivalOf(await Socket.ReceiveAsync(_buffer, time.Token).ConfigureAwait(false), _buffer);
    }

    public override Task<SocketStep> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => Socket.SendAsync(bytes, cancellation);
}

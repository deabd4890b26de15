using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Sends and receives bytes inside TLS. At most one read is in progress. SslStream cannot continue an interrupted read, so a canceled read continues
/// in the background and is awaited by the next call.
/// </summary>
internal sealed class TlsTransport : Transport
{
    private const int BufferBytes = 16 << 10; // the payload of a record, RFC 8446, section 5.1

    /// <summary>The longest time for sending close_notify: if the client does not read, there may be no room for it.</summary>
    private static readonly TimeSpan NotifyWait = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly RecordStream _records;
    private readonly SslStream _tls;
    private readonly bool _notifies;
    private readonly CancellationTokenSource _life = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private bool _clientFinished;
    private bool _notified;
    private Task<int>? _reading;

    /// <param name="socket">The connection.</param>
    /// <param name="notifies">Whether close_notify is sent before FIN.</param>
    public TlsTransport(Socket socket, bool notifies)
    {
        _socket = socket;
        _notifies = notifies;
        _records = new RecordStream(socket);
        _tls = new SslStream(_records, leaveInnerStreamOpen: true);
    }

    public override string? Protocol => _tls.IsAuthenticated ? _tls.SslProtocol.ToString() : null;

    public override int Held => _end - _start;

    /// <summary>Performs the handshake.</summary>
    /// <param name="options">The certificate.</param>
    /// <param name="serverHelloOnly">Whether to send only the first record, and then to return.</param>
    /// <param name="limit">The longest time.</param>
    /// <param name="cancellation">Cancels the handshake.</param>
    /// <exception cref="HandshakeException">The handshake failed, or it took too long.</exception>
    /// <exception cref="SocketException">The socket failed.</exception>
    public async ValueTask ShakeHandsAsync(SslServerAuthenticationOptions options, bool serverHelloOnly, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit);
        _records.IsCut = serverHelloOnly;
        try
        {
            await _tls.AuthenticateAsServerAsync(options, time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HandshakeException("timeout");
        }
        catch (Exception e) when (_records.WasCut && e is not OperationCanceledException)
        {
            // this error is intended
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            if (SocketErrorOf(e) is { } error)
                throw error;
            throw new HandshakeException(_records.HasEnded ? "EOF" : MessageOf(e));
        }
    }

    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, bool peek, CancellationToken cancellation)
    {
        if (_start == _end && !_clientFinished)
        {
            _reading ??= ReadAsync();
            int count = await _reading.WaitAsync(cancellation).ConfigureAwait(false);
            _reading = null;
            _clientFinished = count == 0;
            (_start, _end) = (0, count);
        }

        int given = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, given).CopyTo(buffer);
        if (!peek)
            _start += given;
        return given;
    }

    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            ReadOnlyMemory<byte> record = bytes[..Math.Min(bytes.Length, BufferBytes)]; // the client can decrypt a record only if all of it has arrived
            await _tls.WriteAsync(record, cancellation).ConfigureAwait(false);
            return record.Length;
        }
        catch (IOException e) when (SocketErrorOf(e) is { } error)
        {
            throw error;
        }
    }

    public override async ValueTask FinishSendingAsync(CancellationToken cancellation)
    {
        await NotifyAsync(cancellation).ConfigureAwait(false);
        PlainTransport.Finish(_socket);
    }

    public override async ValueTask DiscardAvailableAsync(CancellationToken cancellation)
    {
        await StopReadingAsync().ConfigureAwait(false);
        (_start, _end) = (0, 0);
        await PlainTransport.DiscardAvailableAsync(_socket, cancellation).ConfigureAwait(false);
    }

    public override async ValueTask ReleaseAsync(bool orderly)
    {
        await StopReadingAsync().ConfigureAwait(false);
        if (!orderly)
            return;
        using CancellationTokenSource time = new(NotifyWait);
        try
        {
            await NotifyAsync(time.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException or OperationCanceledException or AuthenticationException)
        {
            // The client no longer exists, or does not read.
        }
    }

    public override void Dispose()
    {
        _life.Cancel();
        _tls.Dispose();
        _records.Dispose();
        _life.Dispose();
    }

    private async Task<int> ReadAsync()
    {
        try
        {
            return await _tls.ReadAsync(_buffer, _life.Token).ConfigureAwait(false);
        }
        catch (IOException e) when (SocketErrorOf(e) is { } error)
        {
            throw error;
        }
    }

    private async ValueTask StopReadingAsync()
    {
        await _life.CancelAsync().ConfigureAwait(false);
        _clientFinished = true;
        if (_reading is not { } reading)
            return;
        _reading = null;
        await reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
    }

    private async ValueTask NotifyAsync(CancellationToken cancellation)
    {
        if (!_notifies || _notified || _records.IsBroken || Protocol is null)
            return;
        _notified = true;
        _records.NotifyEnd = cancellation;
        TcpCork.Insert(_socket); // close_notify and FIN go in one segment: the client's FIN cannot come between them, and the log contains the server's FIN before the client sees it
        await _tls.ShutdownAsync().ConfigureAwait(false);
    }

    private static SocketException? SocketErrorOf(Exception? e)
    {
        while (e is not (null or SocketException))
            e = e.InnerException;
        return (SocketException?)e;
    }

    /// <summary>Returns the message in one line; the innermost exception has the text of OpenSSL, SChannel or Secure Transport.</summary>
    private static string MessageOf(Exception e) => e.GetBaseException().Message.ReplaceLineEndings(" ");
}

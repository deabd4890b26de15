using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>Sends and receives bytes in TLS over the connection.</summary>
internal sealed class TlsChannel : ProbeChannel
{
    /// <summary>
    /// The longest record that is only an alert, in bytes: the header, and its 2 bytes padded to two blocks, with an IV and a MAC (RFC 5246, section
    /// 6.2.3.2).
    /// </summary>
    private const int LongestAlert = 5 + 16 + 32 + 48;

    private readonly ProbeStream _stream;
    private readonly SslStream _tls;
    private readonly PlainChannel _plain;
    private readonly CancellationTokenSource _life = new();
    private readonly byte[] _buffer = new byte[16 << 10];
    private Task<int>? _reading;
    private bool _over; // the following bytes are no longer TLS
    private bool _notified;

    public TlsChannel(AsyncTracedSocket socket)
        : base(socket)
    {
        _stream = new ProbeStream(socket);
        _tls = new SslStream(_stream, leaveInnerStreamOpen: true);
        _plain = new PlainChannel(socket);
    }

    public override bool? CloseNotify => _notified;

    /// <summary>The error of the peer's certificate; null if there was none.</summary>
    public string? CertificateError { get; private set; }

    /// <summary>Performs the TLS handshake. Returns the reason if it failed; otherwise null.</summary>
    public async Task<string?> AuthenticateAsync(string name, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit);
        try
        {
            await _tls.AuthenticateAsClientAsync(Options(name), time.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            _over = true;
            return "no answer in time";
        }
        catch (Exception e) when (e is AuthenticationException or IOException or InvalidOperationException or NotSupportedException)
        {
            _over = true;
            return _stream.End?.Result is { } end and not "EOF" ? end : Message(e);
        }
    }

    public override async Task<Arrival> ReceiveAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (_over)
            return _stream.End ?? await _plain.ReceiveAsync(limit, cancellation).ConfigureAwait(false);

        long begin = Stopwatch.GetTimestamp();

        // A canceled read of TLS cannot be restarted. It continues, and its result is awaited later.
        _reading ??= _tls.ReadAsync(_buffer, _life.Token).AsTask();
        if (!await EndsWithinAsync(_reading, limit, cancellation).ConfigureAwait(false))
            return new Arrival(ArrivalKind.Nothing, "blocks");
        Task<int> read = _reading;
        _reading = null;
        try
        {
            int count = await read.ConfigureAwait(false);
            if (count > 0)
                return new Arrival(ArrivalKind.Data, "ok", _buffer.AsMemory(0, count));
            _notified = _stream.End is null; // a read of 0 bytes without a FIN means that TLS read close_notify
        }
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            // The stream has noted an error of the socket. Otherwise an alert or bytes that are not TLS came; the following bytes are read unchanged.
        }

        _over = true;
        if (_notified && Socket.LastReceived <= LongestAlert)
            Socket.DiscountLastReceived();
        TimeSpan left = limit - Stopwatch.GetElapsedTime(begin);
        return await ReceiveAsync(left < TimeSpan.Zero ? TimeSpan.Zero : left, cancellation).ConfigureAwait(false);
    }

    public override async Task<SocketStep> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        SocketStep? before = _stream.Sent;
        try
        {
            await _tls.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or AuthenticationException or OperationCanceledException)
        {
            // the step of the send contains the socket's error
        }

        // TLS may refuse to write on a connection that it considers broken. The byte is then written directly to the socket; it contains nothing
        // secret.
        return _stream.Sent is { } sent && sent != before ? sent : await Socket.SendAsync(ProbeConnection.LeastPayload, cancellation).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _life.Cancel();
        _tls.Dispose();
        _life.Dispose();
        base.Dispose();
    }

    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "a probe looks at how the peer closes, with any certificate; errors of the certificate are reported")]
    private SslClientAuthenticationOptions Options(string name) => new()
    {
        TargetHost = name,
        RemoteCertificateValidationCallback = (_, _, chain, errors) =>
        {
            CertificateError = ErrorOf(errors, chain);
            return true;
        },

        // Nothing is downloaded from third parties: no missing certificates, and no revocation lists.
        CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
    };

    /// <summary>
    /// Names the faults of a certificate, and those of its chain: NotTimeValid (expired, or not valid yet), UntrustedRoot, PartialChain (an intermediate
    /// certificate is missing). Null if it has none.
    /// </summary>
    private static string? ErrorOf(SslPolicyErrors errors, X509Chain? chain)
    {
        if (errors == SslPolicyErrors.None)
            return null;
        X509ChainStatusFlags faults = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && chain is not null
            ? chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status)
            : X509ChainStatusFlags.NoError;
        return faults == X509ChainStatusFlags.NoError ? errors.ToString() : $"{errors} ({faults})";
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan limit, CancellationToken cancellation)
    {
        if (task.IsCompleted)
            return true;
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(task, ProbeConnection.PauseAsync(limit, time.Token)).ConfigureAwait(false);
        time.Cancel();
        return task.IsCompleted;
    }

    /// <summary>Returns the error in one line; the inner exception has the text of OpenSSL, SChannel or Secure Transport.</summary>
    private static string Message(Exception e) => (e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message).ReplaceLineEndings(" ");
}

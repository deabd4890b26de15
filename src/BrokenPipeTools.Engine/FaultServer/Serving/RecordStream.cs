using System.Net.Sockets;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// A socket for SslStream. A read never goes beyond the end of a TLS record (RFC 8446, section 5.1). Data that a behavior has not read therefore
/// remain in the kernel, and a close makes the kernel send RST, as without TLS.
/// </summary>
internal sealed class RecordStream(Socket socket) : Stream
{
    private readonly byte[] _header = new byte[TlsRecords.HeaderLength];
    private int _headerRead;
    private int _left;

    /// <summary>
    /// Whether only the first record of the first write is sent, and the write then fails. An alert is sent completely, because with it the server
    /// refuses the ClientHello.
    /// </summary>
    public bool IsCut { get; set; }

    /// <summary>Whether a write was cut after its first record (<see cref="IsCut"/>).</summary>
    public bool WasCut { get; private set; }

    /// <summary>
    /// Whether a write failed or was canceled, perhaps in the middle of a record. The client would treat the next bytes as the rest of that record.
    /// </summary>
    public bool IsBroken { get; private set; }

    /// <summary>The token that cancels sending close_notify, because SslStream takes no token for that.</summary>
    public CancellationToken NotifyEnd { get; set; }

    /// <summary>Whether the client has sent FIN.</summary>
    public bool HasEnded { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int wanted = Math.Min(buffer.Length, _left > 0 ? _left : TlsRecords.HeaderLength - _headerRead);
        int count = await socket.ReceiveAsync(buffer[..wanted], SocketFlags.None, cancellationToken).ConfigureAwait(false);
        HasEnded = count == 0 && wanted > 0;
        Follow(buffer.Span[..count]);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool cuts = IsCut && TlsRecord.IsHandshake(buffer.Span);
        if (cuts)
            buffer = buffer[..Math.Min(buffer.Length, TlsRecords.HeaderLength + TlsRecord.LengthOf(buffer.Span))];
        CancellationToken end = cancellationToken.CanBeCanceled ? cancellationToken : NotifyEnd;
        IsBroken = true;
        while (buffer.Length > 0)
            buffer = buffer[await socket.SendAsync(buffer, SocketFlags.None, end).ConfigureAwait(false)..];
        IsBroken = false;
        if (!cuts)
            return;
        WasCut = true;
        throw new IOException("the handshake is aborted on purpose");
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Follow(ReadOnlySpan<byte> read)
    {
        if (_left > 0)
        {
            _left -= read.Length;
            return;
        }

        read.CopyTo(_header.AsSpan(_headerRead));
        _headerRead += read.Length;
        if (_headerRead < TlsRecords.HeaderLength)
            return;
        _headerRead = 0;
        _left = TlsRecord.LengthOf(_header);
    }
}

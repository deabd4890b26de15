using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>A TLS client that trusts only the server's own certificate, and distinguishes a FIN after close_notify from a FIN without it.</summary>
internal sealed class TlsTestClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
    private readonly EndNotingStream _inner;
    private readonly SslStream _tls;

    public TlsTestClient(BrokenPipeServer server)
    {
        _socket.Connect(server.Address!, server.Port);
        _inner = new EndNotingStream(_socket);
        _tls = new SslStream(_inner, leaveInnerStreamOpen: false, (_, certificate, _, _) => ((X509Certificate2)certificate!).Thumbprint == server.Certificate!.Thumbprint);
    }

    /// <summary>Sends the text, and reads to the end: close_notify, EOF or an errno, with "handshake" before it if there was none.</summary>
    public (string Text, string End) Ask(string text)
    {
        StringBuilder received = new();
        bool shook = false;
        try
        {
            _tls.AuthenticateAsClient("localhost");
            shook = true;
            _tls.Write(Encoding.ASCII.GetBytes(text));
            byte[] buffer = new byte[4096];
            for (int count; (count = _tls.Read(buffer)) > 0;)
                received.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return (received.ToString(), _inner.HasEnded ? "EOF" : "close_notify");
        }
        catch (IOException e)
        {
            Exception? cause = e;
            while (cause is not (null or SocketException))
                cause = cause.InnerException;
            string end = cause is SocketException error ? SocketErrors.Name(error) : "EOF";
            return (received.ToString(), shook ? end : $"handshake {end}");
        }
    }

    public void Dispose()
    {
        _tls.Dispose();
        _socket.Dispose();
    }

    private sealed class EndNotingStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
    {
        public bool HasEnded { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int count = base.Read(buffer);
            HasEnded |= count == 0 && buffer.Length > 0;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            HasEnded |= read == 0 && count > 0;
            return read;
        }
    }
}

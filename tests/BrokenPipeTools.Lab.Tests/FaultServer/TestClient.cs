using System.Net;
using System.Net.Sockets;
using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>A plain blocking client of a fault server, which records the result of each call: a count, or the errno's name.</summary>
internal sealed class TestClient : IDisposable
{
    public const string Get = "GET /x HTTP/1.1\r\nHost: test\r\n\r\n";

    private readonly Socket _socket;
    private string? _resetInConnect;

    public TestClient(BrokenPipeServer server)
    {
        EndPoint to = server.Address is null ? new UnixDomainSocketEndPoint(server.EndPoint) : new IPEndPoint(IPAddress.Parse(server.Address), server.Port);
        _socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
        try
        {
            _socket.Connect(to);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            _resetInConnect = SocketErrors.Name(e); // the RST arrived before connect returned: connect has taken the error, and no read returns it
        }
    }

    public string LocalAddress => ((IPEndPoint)_socket.LocalEndPoint!).Address.ToString();

    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public Socket Socket => _socket;

    public string Write(string text) => Call(() => _socket.Send(Encoding.ASCII.GetBytes(text)));

    /// <summary>The error of the connection, also if connect has already returned it.</summary>
    public string Read() => Interlocked.Exchange(ref _resetInConnect, null) ?? Call(() => _socket.Receive(new byte[65536]));

    /// <summary>Reads everything up to the end, which is <c>EOF</c> or an errno.</summary>
    public (string Text, string End) ReadToEnd()
    {
        if (Interlocked.Exchange(ref _resetInConnect, null) is { } reset)
            return ("", reset);
        List<byte> all = [];
        byte[] buffer = new byte[4096];
        int count = 0;
        string end;
        while ((end = Call(() => count = _socket.Receive(buffer))) is not "0" && char.IsAsciiDigit(end[0]))
            all.AddRange(buffer.AsSpan(0, count));
        return (Encoding.Latin1.GetString([.. all]), end == "0" ? "EOF" : end);
    }

    /// <summary>Waits, without reading, until the socket's state shows that the peer has closed or reset.</summary>
    public void AwaitEnd() => Assert.True(_socket.Poll(TimeSpan.FromSeconds(60), SelectMode.SelectRead));

    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private static string Call(Func<int> call)
    {
        try
        {
            return call().ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (SocketException e)
        {
            return SocketErrors.Name(e);
        }
    }
}

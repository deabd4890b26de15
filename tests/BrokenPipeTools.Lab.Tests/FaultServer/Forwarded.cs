using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>A connection through a forwarding server: the client's socket and the upstream server's.</summary>
internal sealed class Forwarded : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Forwarded(ServerBehavior behavior, Func<BrokenPipeServerOptions, BrokenPipeServerOptions>? with = null)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Target = _listener.LocalEndPoint!.ToString()!;
        BrokenPipeServerOptions options = new() { Behavior = behavior, Upstream = Target };
        Server = BrokenPipeServer.Start(with?.Invoke(options) ?? options);
        Client.Connect(Server.Address!, Server.Port);
        if (Server.Certificate is { } own)
        {
            Tls = new SslStream(new NetworkStream(Client), leaveInnerStreamOpen: false, (_, certificate, _, _) => ((X509Certificate2)certificate!).Thumbprint == own.Thumbprint);
            Tls.AuthenticateAsClient("localhost"); // the server connects to the upstream server only after the handshake
        }

        Upstream = _listener.Accept();
        Upstream.ReceiveTimeout = 60_000;
    }

    public string Target { get; }

    public BrokenPipeServer Server { get; }

    public Socket Client { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000, NoDelay = true };

    /// <summary>The client's end inside TLS; null if the server does not use it.</summary>
    public SslStream? Tls { get; }

    public Socket Upstream { get; }

    /// <summary>Reads exactly this many bytes.</summary>
    public static string Read(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            int next = socket.Receive(bytes, read, count - read, SocketFlags.None);
            Assert.NotEqual(0, next);
            read += next;
        }

        return Encoding.Latin1.GetString(bytes);
    }

    /// <summary>Returns EOF or the errno. A further byte is an error.</summary>
    public static string ReadEnd(Socket socket)
    {
        try
        {
            int count = socket.Receive(new byte[1]);
            return count == 0 ? "EOF" : $"{count} byte";
        }
        catch (SocketException e)
        {
            return SocketErrors.Name(e);
        }
    }

    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        ProcessGate.Close(socket);
    }

    /// <summary>Returns the log entry of the connection after it has ended.</summary>
    public ServedConnection Ended()
    {
        Assert.True(Server.WaitForEnded(1, TimeSpan.FromSeconds(60)), "it has not ended");
        return Assert.Single(Server.Connections);
    }

    public void Dispose()
    {
        Client.Dispose();
        Upstream.Dispose();
        Server.Dispose();
        _listener.Dispose();
    }
}

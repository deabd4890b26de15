using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>A server of this process on loopback that accepts once, does something with the connection, and closes it.</summary>
internal sealed class LocalPeer : IDisposable
{
    /// <summary>Longer than any test takes on a busy machine.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Thread _thread;

    public LocalPeer(Action<Socket> serve)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _thread = new Thread(() =>
        {
            try
            {
                using Socket client = _listener.Accept();
                Thread.Sleep(Delay);
                serve(client);
            }
            catch (SocketException)
            {
                // The program under test has ended, or never connected.
            }
        }) { IsBackground = true };
        _thread.Start();
    }

    public int Port { get; }

    /// <summary>The time before it serves.</summary>
    public TimeSpan Delay { get; init; }

    public void Wait() => Assert.True(_thread.Join(MaxWait));

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join(MaxWait);
    }
}

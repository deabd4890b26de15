using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>
/// Two real sockets and a random ending: sends, reads, shutdowns, closes with and without unread data, aborts, in any order on either side. The seed
/// determines everything except the results of the calls.
/// </summary>
internal sealed class RandomTeardown : IDisposable
{
    private const int MinCalls = 2;
    private const int MaxCalls = 9;
    private const int CallsAfterward = 4;
    private const int MaxPayload = 3000;

    private readonly Socket _listener;
    private readonly AddressFamily _family;

    public RandomTeardown(bool ipv6)
    {
        _family = ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        _listener = new Socket(_family, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0));
        _listener.Listen();
    }

    /// <summary>The port that all connections go to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    /// <summary>Runs one ending. Both sockets are closed when it returns, after the last recorded call.</summary>
    public RandomTeardownResult Run(int seed)
    {
        Random random = new(seed);
        DateTime start = DateTime.UtcNow;
        SocketTrace trace = new();
        using Socket connecting = new(_family, SocketType.Stream, ProtocolType.Tcp);
        connecting.Connect(_listener.LocalEndPoint!);
        using Socket accepted = _listener.Accept();
        connecting.Blocking = false;
        accepted.Blocking = false;
        connecting.NoDelay = true; // written data must be sent immediately, so that the packets show the calls
        accepted.NoDelay = true;
        int port = ((IPEndPoint)connecting.LocalEndPoint!).Port;
        TracedSocket[] sides = [new(connecting, StepSide.Client, trace, default), new(accepted, StepSide.Server, trace, default)];

        bool[] closed = new bool[2];
        for (int call = random.Next(MinCalls, MaxCalls + 1); call > 0 && !(closed[0] && closed[1]); call--)
        {
            int side = closed[0] ? 1 : closed[1] ? 0 : random.Next(2);
            closed[side] = MakeAnyCall(sides[side], random);
            Settle();
        }

        for (int call = 0; call < CallsAfterward; call++)
        {
            for (int side = 0; side < 2; side++)
            {
                if (!closed[side])
                    MakeHarmlessCall(sides[side], random);
                Settle();
            }
        }

        connecting.Dispose();
        accepted.Dispose();
        Settle();
        return new RandomTeardownResult(seed, port, start, DateTime.UtcNow, trace.Steps);
    }

    /// <summary>Makes a random call. Returns whether the socket is closed now.</summary>
    private static bool MakeAnyCall(TracedSocket socket, Random random)
    {
        switch (random.Next(20))
        {
            case < 6:
                socket.Send(random.Next(1, MaxPayload));
                return false;
            case < 11:
                socket.Receive(random.Next(3) == 0 ? 100 : 65536, TimeSpan.Zero);
                return false;
            case 11 or 12:
                socket.Shutdown(SocketShutdown.Send);
                return false;
            case 13:
                socket.Shutdown(SocketShutdown.Receive);
                return false;
            case 14:
                socket.Shutdown(SocketShutdown.Both);
                return false;
            case 15:
                socket.TakeError();
                return false;
            case < 19:
                socket.Close();
                return true;
            default:
                socket.Abort();
                return true;
        }
    }

    private static void MakeHarmlessCall(TracedSocket socket, Random random)
    {
        if (random.Next(2) == 0)
            socket.Send(random.Next(1, 100));
        else
            socket.Receive(65536, TimeSpan.Zero);
    }

    /// <summary>Waits until the other side has processed and answered the packets of the last call. (Loopback has no delay.)</summary>
    private static void Settle() => Thread.Sleep(TimeSpan.FromMicroseconds(200));
}

/// <summary>The calls in order, with their results.</summary>
/// <param name="Seed">Runs it again.</param>
/// <param name="ClientPort">The client's port, which distinguishes the packets of this run from those of the others.</param>
/// <param name="StartTime">The time before the connect.</param>
/// <param name="EndTime">The time after both sockets were closed.</param>
/// <param name="Calls">The calls, in the order in which they were made.</param>
internal sealed record RandomTeardownResult(int Seed, int ClientPort, DateTime StartTime, DateTime EndTime, IReadOnlyList<SocketStep> Calls);

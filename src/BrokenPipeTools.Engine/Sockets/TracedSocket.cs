using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// A socket that records every call. No call waits forever: if a blocking program would hang, the result is blocks. .NET suppresses SIGPIPE (it sends
/// with MSG_NOSIGNAL), so a broken pipe appears as EPIPE.
/// </summary>
internal sealed class TracedSocket : IDisposable
{
    /// <summary>How long a call waits for an event that must occur. It is so long that it ends only if the event never occurs.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    /// <summary>The time between two checks for cancellation.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    /// <summary>The time without an accepted byte after which the buffers count as full. Linux opens a closed window late, and only a little.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    private const int FillChunk = 4096;

    private readonly SocketTrace _trace;
    private readonly StepSide _side;
    private readonly CancellationToken _cancellation;

    public TracedSocket(Socket socket, StepSide side, SocketTrace trace, CancellationToken cancellation)
    {
        Socket = socket;
        _side = side;
        _trace = trace;
        _cancellation = cancellation;
    }

    /// <summary>The socket itself, for its options. Use the methods of this class for calls that are to be recorded.</summary>
    public Socket Socket { get; }

    /// <summary>The socket's current state; null if the platform does not report it.</summary>
    public TcpState? State => TcpInfo.StateOf(Socket);

    /// <summary>Calls connect on a blocking socket: the call itself returns the error.</summary>
    public SocketStep Connect(EndPoint to) => Record($"connect({Describe(to)})", () =>
    {
        Socket.Blocking = true;
        Socket.Connect(to);
        Socket.Blocking = false;
        return SocketOutcome.Ok;
    });

    /// <summary>Calls connect on a non-blocking socket: it returns immediately, and the error stays pending until a call reads it.</summary>
    public SocketStep BeginConnect(EndPoint to) => Record($"connect({Describe(to)}), non-blocking", () =>
    {
        Socket.Blocking = false;
        Socket.Connect(to);
        return SocketOutcome.Ok;
    });

    /// <summary>Calls accept.</summary>
    public (SocketStep Step, TracedSocket? Accepted) Accept()
    {
        TracedSocket? accepted = null;
        SocketStep step = Record("accept", () =>
        {
            if (!Wait(SelectMode.SelectRead, MaxWait))
                return SocketOutcome.Blocks;
            Socket socket = Socket.Accept();
            socket.Blocking = false;
            accepted = new TracedSocket(socket, _side, _trace, _cancellation);
            return SocketOutcome.Ok;
        });
        return (step, accepted);
    }

    /// <summary>Calls send without waiting for room. A full buffer accepts a part of the data, or nothing, and the result is then blocks.</summary>
    public SocketStep Send(int bytes) => Send(Filler(bytes));

    /// <summary>Calls send with the given bytes.</summary>
    public SocketStep Send(ReadOnlyMemory<byte> payload) =>
        Record(string.Create(CultureInfo.InvariantCulture, $"send({payload.Length})"), () => SocketOutcome.Sent(Socket.Send(payload.Span, SocketFlags.None)));

    /// <summary>
    /// Calls send repeatedly until neither the peer nor the send buffer accepts more. It is recorded as one step, with the sum of the bytes.
    /// </summary>
    public SocketStep SendUntilFull() => Record("send until the buffers are full", () =>
    {
        int total = 0;
        byte[] chunk = Filler(FillChunk);
        for (long taken = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(taken) < Settle;)
        {
            int sent = Socket.Send(chunk, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
            {
                total += sent;
                taken = Stopwatch.GetTimestamp();
                continue;
            }

            if (error != SocketError.WouldBlock)
                return SocketOutcome.Failed(new SocketException((int)error));
            Pause(TimeSpan.FromMilliseconds(10));
        }

        return SocketOutcome.Sent(total);
    });

    /// <summary>Calls recv for the available bytes.</summary>
    /// <param name="bytes">The most bytes to read.</param>
    /// <param name="maxWait">How long to wait for data; <see cref="MaxWait"/> if they must come.</param>
    public SocketStep Receive(int bytes = 65536, TimeSpan? maxWait = null) => Record("recv", () =>
        Wait(SelectMode.SelectRead, maxWait ?? MaxWait) ? SocketOutcome.Received(Socket.Receive(new byte[bytes], SocketFlags.None)) : SocketOutcome.Blocks);

    /// <summary>Calls getsockopt(SO_ERROR), which reads the pending error and clears it; ok if there is none.</summary>
    public SocketStep TakeError() => Record("getsockopt(SO_ERROR)", () =>
    {
        if (OperatingSystem.IsWindows())
        {
            object? code = Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);
            return code is int and not 0 ? SocketOutcome.Failed((int)code) : SocketOutcome.Ok;
        }

        (int level, int option) = OperatingSystem.IsLinux() ? (1, 4) : (0xFFFF, 0x1007); // SOL_SOCKET, SO_ERROR
        Span<byte> value = stackalloc byte[4];
        Socket.GetRawSocketOption(level, option, value);
        int errno = BitConverter.ToInt32(value);
        return errno == 0 ? SocketOutcome.Ok : SocketOutcome.Failed(errno);
    });

    /// <summary>Calls shutdown.</summary>
    public SocketStep Shutdown(SocketShutdown how) => Record(
        how switch { SocketShutdown.Send => "shutdown(SHUT_WR)", SocketShutdown.Receive => "shutdown(SHUT_RD)", _ => "shutdown(SHUT_RDWR)" },
        () =>
        {
            Socket.Shutdown(how);
            return SocketOutcome.Ok;
        });

    /// <summary>Calls close.</summary>
    public SocketStep Close() => Record("close", () =>
    {
        ProcessGate.Close(Socket);
        return SocketOutcome.Ok;
    });

    /// <summary>Calls close with SO_LINGER on and 0 seconds, which sends a RST in place of FIN.</summary>
    public SocketStep Abort() => Record("close (SO_LINGER 0)", () =>
    {
        Socket.LingerState = new LingerOption(true, 0);
        ProcessGate.Close(Socket);
        return SocketOutcome.Ok;
    });

    /// <summary>Waits until the socket has reached a state. If the platform does not report states, waits for a fifth of a second.</summary>
    /// <exception cref="TimeoutException">The state is not reached.</exception>
    public void Await(TcpState state)
    {
        if (State is null)
        {
            Pause(TimeSpan.FromMilliseconds(200));
            return;
        }

        for (long begin = Stopwatch.GetTimestamp(); State != state;)
        {
            if (Stopwatch.GetElapsedTime(begin) > MaxWait)
                throw new TimeoutException($"the {_side}'s socket did not reach {state}; it is in {State}");
            Pause(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Waits until the socket is readable (also if there is an end or an error) or writable, depending on <paramref name="mode"/>.</summary>
    /// <returns>False if this did not happen in time.</returns>
    public bool Wait(SelectMode mode, TimeSpan maxWait)
    {
        for (long begin = Stopwatch.GetTimestamp(); ;)
        {
            _cancellation.ThrowIfCancellationRequested();
            TimeSpan left = maxWait - Stopwatch.GetElapsedTime(begin);
            if (Socket.Poll(left < TimeSpan.Zero ? TimeSpan.Zero : left < Slice ? left : Slice, mode))
                return true;
            if (left <= TimeSpan.Zero)
                return false;
        }
    }

    public void Dispose() => ProcessGate.Close(Socket);

    /// <summary>Makes bytes that are readable text in a packet dump.</summary>
    private static byte[] Filler(int bytes)
    {
        byte[] filler = new byte[bytes];
        for (int i = 0; i < bytes; i++)
            filler[i] = (byte)('a' + (i % 26));
        return filler;
    }

    private static string Describe(EndPoint to) => to switch
    {
        IPEndPoint ip => new EndpointText(ip).ToString(),
        _ => to.ToString() ?? "",
    };

    private void Pause(TimeSpan time)
    {
        if (_cancellation.WaitHandle.WaitOne(time))
            throw new OperationCanceledException(_cancellation);
    }

    private SocketStep Record(string call, Func<SocketOutcome> make)
    {
        _cancellation.ThrowIfCancellationRequested();
        return _trace.Record(_side, call, () => Guard(make), () => State);
    }

    private static SocketOutcome Guard(Func<SocketOutcome> make)
    {
        try
        {
            return SocketOutcome.Of(make);
        }
        catch (ObjectDisposedException)
        {
            // .NET does not allow a call on a closed descriptor. The system would return EBADF, or write the bytes to another file.
            return new SocketOutcome(SocketErrors.Current == SocketPlatform.Windows ? "WSAENOTSOCK" : "EBADF");
        }
    }
}

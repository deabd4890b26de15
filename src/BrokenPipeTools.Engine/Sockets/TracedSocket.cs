using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// A socket whose every call is recorded. No call waits without end: if a blocking program would hang, the result is
/// <c>blocks</c>. .NET never lets SIGPIPE through (it sends with MSG_NOSIGNAL), so that a broken pipe shows as EPIPE.
/// </summary>
internal sealed class TracedSocket : IDisposable
{
    /// <summary>How long a call waits for an event that must occur; longer than on any machine, so that only a hang reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Between two looks at the cancellation.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    /// <summary>Buffers count as full if no byte was accepted for this time: Linux opens a shut window late, and only a little.</summary>
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

    /// <summary>For options; calls that are to be seen go through this class.</summary>
    public Socket Socket { get; }

    /// <summary>The socket's state now; null if the platform does not report it.</summary>
    public TcpState? State => TcpInfo.StateOf(Socket);

    /// <summary>connect, blocking: the kernel hands the error to the call itself.</summary>
    public SocketStep Connect(EndPoint to) => Record($"connect({Describe(to)})", () =>
    {
        Socket.Blocking = true;
        Socket.Connect(to);
        Socket.Blocking = false;
        return SocketOutcome.Ok;
    });

    /// <summary>connect on a non-blocking socket: returns immediately; the error stays pending until a call asks for it.</summary>
    public SocketStep BeginConnect(EndPoint to) => Record($"connect({Describe(to)}), non-blocking", () =>
    {
        Socket.Blocking = false;
        Socket.Connect(to);
        return SocketOutcome.Ok;
    });

    /// <summary>accept.</summary>
    public (SocketStep Step, TracedSocket? Accepted) Accept()
    {
        TracedSocket? accepted = null;
        SocketStep step = Record("accept", () =>
        {
            if (!Wait(SelectMode.SelectRead, Patience))
                return SocketOutcome.Blocks;
            Socket socket = Socket.Accept();
            socket.Blocking = false;
            accepted = new TracedSocket(socket, _side, _trace, _cancellation);
            return SocketOutcome.Ok;
        });
        return (step, accepted);
    }

    /// <summary>send, without waiting for room: a full buffer takes a part of it, and then <c>blocks</c>.</summary>
    public SocketStep Send(int bytes) => Send(Filler(bytes));

    /// <summary>send of the given bytes.</summary>
    public SocketStep Send(ReadOnlyMemory<byte> payload) =>
        Record(string.Create(CultureInfo.InvariantCulture, $"send({payload.Length})"), () => SocketOutcome.Sent(Socket.Send(payload.Span, SocketFlags.None)));

    /// <summary>send again and again until neither the peer nor the own buffer takes any more: one step, with the bytes of all.</summary>
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

    /// <summary>recv of the available bytes, up to <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The largest number of bytes.</param>
    /// <param name="patience">How long to wait for it; <see cref="Patience"/> if it must come.</param>
    public SocketStep Receive(int bytes = 65536, TimeSpan? patience = null) => Record("recv", () =>
        Wait(SelectMode.SelectRead, patience ?? Patience) ? SocketOutcome.Received(Socket.Receive(new byte[bytes], SocketFlags.None)) : SocketOutcome.Blocks);

    /// <summary>getsockopt(SO_ERROR): reads the pending error and clears it. <c>ok</c> if there is none.</summary>
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

    /// <summary>shutdown.</summary>
    public SocketStep Shutdown(SocketShutdown how) => Record(
        how switch { SocketShutdown.Send => "shutdown(SHUT_WR)", SocketShutdown.Receive => "shutdown(SHUT_RD)", _ => "shutdown(SHUT_RDWR)" },
        () =>
        {
            Socket.Shutdown(how);
            return SocketOutcome.Ok;
        });

    /// <summary>close.</summary>
    public SocketStep Close() => Record("close", () =>
    {
        ProcessGate.Close(Socket);
        return SocketOutcome.Ok;
    });

    /// <summary>close with SO_LINGER on and 0 seconds: a RST in place of FIN.</summary>
    public SocketStep Abort() => Record("close (SO_LINGER 0)", () =>
    {
        Socket.LingerState = new LingerOption(true, 0);
        ProcessGate.Close(Socket);
        return SocketOutcome.Ok;
    });

    /// <summary>
    /// Waits until the socket has come to a state; if the platform does not report states, a fifth of a second.
    /// </summary>
    /// <exception cref="TimeoutException">It does not come.</exception>
    public void Await(TcpState state)
    {
        if (State is null)
        {
            Pause(TimeSpan.FromMilliseconds(200));
            return;
        }

        for (long begin = Stopwatch.GetTimestamp(); State != state;)
        {
            if (Stopwatch.GetElapsedTime(begin) > Patience)
                throw new TimeoutException($"the {_side}'s socket did not reach {state}; it is in {State}");
            Pause(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Waits until something can be read (or the end, or an error) or written.</summary>
    /// <returns>False if it did not come in time.</returns>
    public bool Wait(SelectMode mode, TimeSpan patience)
    {
        for (long begin = Stopwatch.GetTimestamp(); ;)
        {
            _cancellation.ThrowIfCancellationRequested();
            TimeSpan left = patience - Stopwatch.GetElapsedTime(begin);
            if (Socket.Poll(left < TimeSpan.Zero ? TimeSpan.Zero : left < Slice ? left : Slice, mode))
                return true;
            if (left <= TimeSpan.Zero)
                return false;
        }
    }

    public void Dispose() => ProcessGate.Close(Socket);

    /// <summary>Bytes that read as text in a packet dump.</summary>
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
            // .NET keeps a closed descriptor from being used; the system would return EBADF, or another file would get the bytes.
            return new SocketOutcome(SocketErrors.Current == SocketPlatform.Windows ? "WSAENOTSOCK" : "EBADF");
        }
    }
}

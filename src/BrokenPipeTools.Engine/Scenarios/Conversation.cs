using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios;

/// <summary>How a behaviour leaves a connection.</summary>
internal enum Farewell
{
    /// <summary>close(2): FIN; the kernel makes it RST where data was left unread.</summary>
    Close,

    /// <summary>close(2) with SO_LINGER 0: RST.</summary>
    Reset,

    /// <summary>The client has closed; so do we.</summary>
    ClientClosed,
}

/// <summary>
/// One connection of a server: the socket, what went over it, how it ended. A socket with a call under way is closed only from
/// outside (Stop, an eviction), after shutdown(2): .NET would else turn the close into a reset.
/// </summary>
internal sealed class Conversation(long number, Socket socket, FaultServerOptions options, CancellationToken stop)
{
    /// <summary>What <see cref="ReceiveAsync"/> gives where nothing came in time.</summary>
    public const int NothingCame = -1;

    private const int LongestLine = 200;
    private const int LongestText = 2000;
    private const int DiscardBytes = 4096;

    /// <summary>How long a client may take to close after us, before its data is answered with RST. nginx's lingering_time is 30 s.</summary>
    private static readonly TimeSpan LingeringTime = TimeSpan.FromSeconds(2);

    private readonly ReceivedText _text = options.Behavior == ServerBehavior.UnixSink ? new(LongestText, manyLines: true) : new(LongestLine, manyLines: false);
    private readonly DateTime _start = DateTime.UtcNow;
    private readonly long _startTicks = Stopwatch.GetTimestamp();
    private readonly EndPoint? _remote = EndPointOf(() => socket.RemoteEndPoint);
    private readonly EndPoint? _local = EndPointOf(() => socket.LocalEndPoint);
    private long _received;
    private long _sent;
    private int _requests;
    private long _lastByteTicks = Stopwatch.GetTimestamp();
    private int _concluded;

    public long Number => number;

    public FaultServerOptions Options => options;

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How the behaviours that close of their own accord do it.</summary>
    public Farewell OwnFarewell => options.Abort ? Farewell.Reset : Farewell.Close;

    /// <summary>When the last byte came or went; before there was any, when it was accepted (<see cref="Stopwatch"/>).</summary>
    public long LastByteTicks => Volatile.Read(ref _lastByteTicks);

    /// <summary>The head of a request did not come to its end in time, so that the behaviour did not begin.</summary>
    public bool HeaderTimedOut { get; set; }

    public void CountRequest() => Interlocked.Increment(ref _requests);

    /// <summary>Bytes received; 0 where the client has closed; <see cref="NothingCame"/> where <paramref name="limit"/> passed.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, TimeSpan? limit = null, bool peek = false)
    {
        SocketFlags flags = peek ? SocketFlags.Peek : SocketFlags.None;
        int count;
        if (limit is not { } time)
        {
            count = await socket.ReceiveAsync(buffer, flags, stop).ConfigureAwait(false);
        }
        else
        {
            using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(stop);
            timer.CancelAfter(time);
            try
            {
                count = await socket.ReceiveAsync(buffer, flags, timer.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return NothingCame;
            }
        }

        if (!peek)
            Note(buffer.Span[..count]);
        return count;
    }

    /// <summary>Sends all of it. Waits where the client does not read, and nothing else is read meanwhile: that bounds the memory.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int count = await socket.SendAsync(bytes, SocketFlags.None, stop).ConfigureAwait(false);
            Interlocked.Add(ref _sent, count);
            Volatile.Write(ref _lastByteTicks, Stopwatch.GetTimestamp());
            bytes = bytes[count..];
        }
    }

    /// <summary>Every byte goes out on its own (RFC 896 would gather them).</summary>
    public void SendAtOnce() => socket.NoDelay = true;

    /// <summary>Sends FIN and goes on reading.</summary>
    public void FinishSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NotConnected)
        {
            throw new SocketException((int)SocketError.ConnectionReset); // shutdown(2) does not say, but only a RST brings this about
        }
    }

    /// <summary>Reads and throws away what comes, for as long as <paramref name="limit"/>. 0 where the client has closed.</summary>
    public async ValueTask<int> DiscardAsync(TimeSpan? limit = null)
    {
        byte[] scratch = new byte[DiscardBytes];
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan? left = limit - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return NothingCame;
            int count = await ReceiveAsync(scratch, left).ConfigureAwait(false);
            if (count <= 0)
                return count;
        }
    }

    /// <summary>Reads and throws away what is there already, so that a close sends FIN.</summary>
    public async ValueTask DiscardAvailableAsync()
    {
        byte[] scratch = new byte[DiscardBytes];
        while (socket.Available > 0 && await ReceiveAsync(scratch).ConfigureAwait(false) > 0)
        {
        }
    }

    /// <summary>
    /// FIN, then a while of reading: a RST in answer to late data could destroy what the client has not read yet (RFC 9112, section 9.6).
    /// </summary>
    public async ValueTask<Farewell> CloseGentlyAsync()
    {
        FinishSending();
        await DiscardAsync(LingeringTime).ConfigureAwait(false);
        return Farewell.Close;
    }

    /// <summary>Makes ready to close, and says what the close will look like to the client.</summary>
    public ServedEnding Prepare(Farewell farewell)
    {
        bool reset = farewell == Farewell.Reset;
        try
        {
            if (reset)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            else
                reset = socket.Available > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Reset by the client at this very moment: there is nothing left to send.
        }

        if (HeaderTimedOut)
            return ServedEnding.HeaderTimeout;
        return farewell == Farewell.ClientClosed ? ServedEnding.ClosedByClient : reset ? ServedEnding.ResetByServer : ServedEnding.ClosedByServer;
    }

    /// <summary>True for the first who asks: who concludes it.</summary>
    public bool TryConclude() => Interlocked.Exchange(ref _concluded, 1) == 0;

    /// <summary>Closes the socket as <see cref="Prepare"/> made it ready.</summary>
    /// <param name="interrupted">A call may still be under way on it: .NET would close with RST then, unless FIN was sent by shutdown(2).</param>
    public void Close(bool interrupted)
    {
        try
        {
            if (interrupted)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }

        ProcessGate.Close(socket);
    }

    /// <summary>The log's entry on it as it is now.</summary>
    public ServedConnection Describe(ServedEnding ending, string? error = null) => new()
    {
        Number = number,
        Behavior = options.Behavior,
        RemoteAddress = (_remote as IPEndPoint)?.Address.ToString() ?? "",
        RemotePort = (_remote as IPEndPoint)?.Port ?? 0,
        LocalAddress = (_local as IPEndPoint)?.Address.ToString() ?? _local?.ToString() ?? "",
        LocalPort = (_local as IPEndPoint)?.Port ?? 0,
        StartTime = _start,
        Duration = Stopwatch.GetElapsedTime(_startTicks).TotalSeconds,
        BytesReceived = Interlocked.Read(ref _received),
        BytesSent = Interlocked.Read(ref _sent),
        Requests = Requests,
        RequestLine = _text.Value,
        Ending = ending,
        Error = error,
    };

    private static EndPoint? EndPointOf(Func<EndPoint?> get)
    {
        try
        {
            return get();
        }
        catch (SocketException)
        {
            return null; // reset before it was accepted; some systems forget the name then
        }
    }

    private void Note(ReadOnlySpan<byte> received)
    {
        if (received.Length == 0)
            return;
        Interlocked.Add(ref _received, received.Length);
        Volatile.Write(ref _lastByteTicks, Stopwatch.GetTimestamp());
        _text.Add(received);
    }
}

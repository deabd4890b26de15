using System.Globalization;
using System.Net.NetworkInformation;

namespace BrokenPipeTools.Kernel;

/// <summary>Describes a socket in one line.</summary>
internal static class SocketLine
{
    private const int Idle = 1; // seconds: a connection that was used within this time is not reported as idle

    /// <summary>Returns the line: the process, the state, and the unusual values.</summary>
    public static string Of(DiagnosedSocket socket, IReadOnlyList<SocketOwner> owners)
    {
        string holder = owners.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{owners[0].Name}[{owners[0].Id}]")
            : socket.Inode == 0 ? "no program"
            : string.Create(CultureInfo.InvariantCulture, $"user {socket.UserId}");
        return $"{holder}: {string.Join(", ", Parts(socket))}";
    }

    private static IEnumerable<string> Parts(DiagnosedSocket socket)
    {
        yield return State(socket);
        if (socket.State == TcpState.Listen)
        {
            yield return Number(socket.ReceiveQueue, "connection") + " to accept" + (socket.ReceiveQueue > socket.SendQueue ? ", queue full" : "");
            yield break;
        }

        if (SocketPrediction.UnreadBytes(socket) is > 0 and var unread)
            yield return Number(unread, "byte") + " unread";
        if (socket.Info?.Unsent is > 0 and { } unsent)
            yield return Number(unsent, "byte") + " unsent" + (socket.Info.PeerWindow == 0 ? ", the peer's window is zero" : "");
        if (UnackedBytes(socket) is > 0 and var unacked)
            yield return Number(unacked, "byte") + " not acknowledged";
        if (socket.Info?.Unanswered is > 0 and var repeated)
            yield return string.Create(CultureInfo.InvariantCulture, $"retransmitted {repeated} times without an answer");
        if (socket is { State: TcpState.CloseWait, Inode: not 0 })
            yield return "has not closed";
        if (socket.State == TcpState.FinWait2)
            yield return "the peer has not closed";
    }

    /// <summary>Returns the bytes that were sent and not acknowledged. Returns null if the kernel does not provide them.</summary>
    public static long? UnackedBytes(DiagnosedSocket socket) => socket.State == TcpState.Listen || socket.Info?.Unsent is not { } unsent ? null : Math.Max(0, (long)socket.SendQueue - unsent);

    private static string State(DiagnosedSocket socket)
    {
        string name = KernelStates.NameOf(socket.State);
        double? quiet = socket.State == TcpState.Established ? Min(socket.Info?.SinceDataReceived, socket.Info?.SinceDataSent) ?? socket.Info?.SinceHeard : socket.Info?.SinceHeard;
        return socket.State switch
        {
            TcpState.Established when quiet / 1000 >= Idle => string.Create(CultureInfo.InvariantCulture, $"{name}, idle for {quiet / 1000:0} s"),
            TcpState.CloseWait or TcpState.FinWait2 or TcpState.LastAck or TcpState.Closing when quiet is not null => string.Create(CultureInfo.InvariantCulture, $"{name} for {quiet / 1000:0} s"),
            _ => name,
        };
    }

    private static uint? Min(uint? one, uint? other) => one is null || other < one ? other : one;

    private static string Number(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}

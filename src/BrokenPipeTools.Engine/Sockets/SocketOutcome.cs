using System.ComponentModel;
using System.Net.Sockets;

namespace BrokenPipeTools.Sockets;

/// <summary>The result of a call, in the format of <see cref="Reports.SocketStep.Result"/>.</summary>
internal readonly record struct SocketOutcome(string Result, int? Bytes = null, int? Errno = null)
{
    public static SocketOutcome Ok { get; } = new("ok");

    /// <summary>recv returned 0: the peer has sent FIN, or the error was already cleared.</summary>
    public static SocketOutcome EndOfFile { get; } = new("EOF");

    /// <summary>A blocking call would still wait (EAGAIN, WSAEWOULDBLOCK, EINPROGRESS).</summary>
    public static SocketOutcome Blocks { get; } = new("blocks");

    public static SocketOutcome Sent(int bytes) => new("ok", bytes);

    public static SocketOutcome Received(int bytes) => bytes == 0 ? EndOfFile : new("ok", bytes);

    /// <summary>Makes a call and returns its outcome. If the socket fails, the error is the outcome.</summary>
    public static SocketOutcome Of(Func<SocketOutcome> call)
    {
        try
        {
            return call();
        }
        catch (SocketException error)
        {
            return Failed(error);
        }
    }

    public static SocketOutcome Failed(SocketException error) => error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress
        ? Blocks
        : Failed(error.NativeErrorCode);

    public static SocketOutcome Failed(int errno) => new(SocketErrors.Name(errno, SocketErrors.Current), null, errno);

    /// <summary>Returns the outcome of a failed read(2) or write(2). On Unix .NET provides the errno, on Windows an HRESULT that contains the error.</summary>
    public static SocketOutcome Failed(IOException error) => error.InnerException is Win32Exception inner
        ? Failed(inner.NativeErrorCode)
        : Failed(error.HResult & 0xFFFF);
}

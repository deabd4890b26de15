using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the processes that hold a TCP socket; the tooltip is one of their sockets.</summary>
public sealed class SocketProcessCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words =>
        Read().Where(socket => socket.ProcessName is not null).DistinctBy(socket => socket.ProcessName).Select(socket => (socket.ProcessName!, socket.Summary));

    private static IReadOnlyList<TcpSocket> Read()
    {
        try
        {
            return new TcpSocketSource().List();
        }
        catch (TcpSocketException)
        {
            return []; // not Linux: there is nothing to complete
        }
    }
}

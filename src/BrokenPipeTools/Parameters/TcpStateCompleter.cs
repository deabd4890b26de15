using System.Net.NetworkInformation;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the states of TCP sockets.</summary>
public sealed class TcpStateCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words =>
        Enum.GetValues<TcpState>().Where(state => state is not (TcpState.Unknown or TcpState.DeleteTcb or TcpState.Closed)).Select(state => (state.ToString(), state.ToString()));
}

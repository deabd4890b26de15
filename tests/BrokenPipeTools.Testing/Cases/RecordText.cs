using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Testing.Cases;

/// <summary>
/// The lines that a case of <c>tests/cases</c> expects of the records of its connections. For each connection, in the order of the streams:
/// <code>
///     stream 1:                                           only if there are several
///     Reset by Server: S:FIN C:ACK C:DATA(5) S:RST        State, ClosedBy if there is one, Sequence if there is one
///     WriteAfterPeerClose (Medium); or MiddleboxReset     Cause, Confidence, the causes of the Alternatives
///     connect: ECONNREFUSED; client: read ENOTCONN, write EPIPE; server: read blocks, write ok; broken pipe: Client
/// </code>
/// The last line has the next calls. It leaves out a connect that succeeded, a side without a socket, and the broken pipe if no side gets one; "no
/// socket" stands
/// for a line that would be empty. A line that begins with <c>IPv6:</c> stands in
/// place of the line above it if the packets are IPv6.
/// </summary>
internal static class RecordText
{
    private const string Ipv6 = "IPv6: ";

    /// <summary>The lines of the records.</summary>
    public static string[] Of(IReadOnlyList<ConnectionClose> records) =>
        [.. records.OrderBy(r => r.Stream).SelectMany(r => (string[])[.. records.Count > 1 ? (string[])[$"stream {r.Stream}:"] : [], State(r), Cause(r), Calls(r)])];

    /// <summary>The lines that stand for both address families.</summary>
    /// <exception cref="ArgumentException">The two lists do not have the same number of lines.</exception>
    public static string[] Of(string[] ipv4, string[] ipv6) => ipv4.Length == ipv6.Length
        ? [.. ipv4.Zip(ipv6).SelectMany(pair => pair.First == pair.Second ? (string[])[pair.First] : [pair.First, Ipv6 + pair.Second])]
        : throw new ArgumentException($"{ipv4.Length} lines over IPv4, {ipv6.Length} over IPv6:\n{string.Join('\n', ipv6)}");

    private static string State(ConnectionClose r) =>
        $"{r.State}{(r.ClosedBy == ClosedBy.None ? "" : $" by {r.ClosedBy}")}{(r.Sequence.Length == 0 ? "" : $": {r.Sequence}")}";

    private static string Cause(ConnectionClose r) =>
        $"{r.Cause} ({r.Confidence}){(r.Alternatives.Count == 0 ? "" : $"; or {string.Join(", ", r.Alternatives.Select(a => a.Cause))}")}";

    private static string Calls(ConnectionClose r)
    {
        List<string> calls = [];
        if (r.Connect is not (CallResultText.Ok or CallResultText.NoSocket))
            calls.Add($"connect: {r.Connect}");
        foreach ((string side, string read, string write) in ((string, string, string)[])[("client", r.ClientRead, r.ClientWrite), ("server", r.ServerRead, r.ServerWrite)])
        {
            if ((read, write) != (CallResultText.NoSocket, CallResultText.NoSocket))
                calls.Add($"{side}: read {read}, write {write}");
        }

        if (r.BrokenPipe != BrokenPipe.None)
            calls.Add($"broken pipe: {r.BrokenPipe}");
        return calls.Count == 0 ? "no socket" : string.Join("; ", calls);
    }
}

using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A close with unread data is an abort: the RST shows the sender that its data was not read (RFC 2525, section 2.17;
/// Linux, net/ipv4/tcp.c, __tcp_close).
/// </summary>
internal sealed class CloseWithUnreadDataScenario : Scenario
{
    public override string Summary => "The server closes with unread data of the client: RST in place of FIN; the client's read returns ECONNRESET, its next write EPIPE.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST", Cause.UnreadDataDiscarded)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(50).Expect("ok");
        server.Wait(SelectMode.SelectRead, TracedSocket.MaxWait);
        server.Close();
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF", Expectation.Undocumented);
    }
}

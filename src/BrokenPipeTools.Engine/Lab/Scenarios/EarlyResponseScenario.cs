using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A web server that answers 413 and closes: because of the unread part of the upload, its kernel sends RST. On Linux the client can still read the
/// answer; on Windows the answer may be lost.
/// </summary>
internal sealed class EarlyResponseScenario : Scenario
{
    public override string Summary => "The server answers early and closes while the client uploads: the client's write returns ECONNRESET; a read after that still returns the answer.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "C:DATA(20000) S:RST", Cause.EarlyResponse)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(20_000).Expect("ok");
        server.Receive(1_000).Expect("ok");
        server.Send(300).Expect("ok");
        client.Send(20_000).Expect("ok");
        server.Close();
        client.Await(TcpState.Closed);
        client.Send(20_000).Expect("ECONNRESET", Expectation.WindowsPeerGone);
        client.Receive().Expect("ok", Expectation.Undocumented);
        client.Receive().Expect("EOF", Expectation.Undocumented);
        client.Send(5).Expect("EPIPE");
    }
}

using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A device on the path can end a connection with one RST that has the right sequence number (RFC 5961, section 3). The host with the RST's source
/// address continues to use the connection, which proves the forgery.
/// </summary>
internal sealed class InjectedResetScenario : RoutedScenario
{
    public override string Summary => "An attacker on the path sends the client a RST with the server's address and the exact sequence number: the client's read returns ECONNRESET; the server continues to send and gets a RST from the client's host.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:RST S:DATA(5) C:RST", Cause.MiddleboxReset)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Send(5).Expect("ok");
        client.Receive().Expect("ok");
        context.Forge("a forged RST with the exact sequence number", server, client, ahead: 0);
        client.Await(TcpState.Closed);
        client.Receive().Expect("ECONNRESET");
        client.Send(5).Expect("EPIPE");
        server.Receive(maxWait: TimeSpan.FromMilliseconds(100)).Expect("blocks");
        server.Send(5).Expect("ok");
        server.Await(TcpState.Closed);
        server.Receive().Expect("ECONNRESET");
    }
}

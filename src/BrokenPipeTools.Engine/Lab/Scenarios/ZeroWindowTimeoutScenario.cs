using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// TCP_USER_TIMEOUT (tcp(7), RFC 5482) counts from the first byte that was not accepted: it ends a connection although the peer answers every probe
/// of its closed window.
/// </summary>
internal sealed class ZeroWindowTimeoutScenario : Scenario
{
    public override string Summary => "The server stops reading and answers every window probe; the client's TCP_USER_TIMEOUT still ends the connection: ETIMEDOUT, then EPIPE.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "*C:RST", Cause.ZeroWindowStall)];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect(
            client: socket =>
            {
                socket.SendBufferSize = 8_192;
                TcpOption.UserTimeout.Set(socket, 500);
            },
            server: listener => listener.ReceiveBufferSize = 8_192);
        client.SendUntilFull().Expect("ok");
        client.Send(5).Expect("blocks");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ETIMEDOUT");
        client.Send(5).Expect("EPIPE");
        client.Receive().Expect("EOF");
        server.Receive(1_000_000).Expect("ok");
        server.Await(TcpState.Closed); // its window update found no socket
        server.Receive().Expect("ECONNRESET");
    }
}

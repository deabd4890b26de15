using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// Writes without a pause between them. On this machine the RST arrives before the first write returns; over a slow path it would arrive later, and
/// several writes would be accepted (see WriteBurstOverDelay).
/// </summary>
internal sealed class WriteBurstAfterCloseScenario : Scenario
{
    public override string Summary => "The server closes and the client writes three times without a pause: on a path without delay, the second write already fails.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]C:DATA(5) S:RST", Cause.WriteAfterPeerClose)];

    internal override void Run(ScenarioContext context)
    {
        (TracedSocket client, TracedSocket server) = context.Connect();
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        server.Close();
        client.Await(TcpState.CloseWait);
        client.Send(5).Expect("ok");
        client.Send(5).Expect("EPIPE|ok", Expectation.Undocumented); // ok if another processor delivered the RST late
        client.Await(TcpState.Closed);
        client.Send(5).Expect("EPIPE");
    }
}

using System.Net.NetworkInformation;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// Without a pause between the writes. On this machine the RST is back before the first write returns; over a slow path it would
/// not be, and several writes would be accepted (see WriteBurstOverDelay).
/// </summary>
internal sealed class WriteBurstAfterClose : Scenario
{
    public override string Summary => "The server closes and the client writes three times without a pause: on a path without delay, the second write already fails.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.Reset, "S:FIN [C:ACK ]C:DATA(5) S:RST", Cause.WriteAfterPeerClose)];

    internal override void Play(Stage stage)
    {
        (TracedSocket client, TracedSocket server) = stage.Connect();
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

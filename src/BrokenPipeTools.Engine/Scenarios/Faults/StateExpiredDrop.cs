using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// A firewall that tracks connections removes idle ones from its table (nf_conntrack-sysctl.rst: five days by default; others after minutes).
/// Later packets belong to no connection in its table, and without loose tracking they create no entry.
/// </summary>
internal sealed class StateExpiredDrop : RoutedScenario
{
    public override string Summary => "A firewall drops the idle connection from its table, and drops packets of unknown connections: the first write after the idle time is never acknowledged and fails with ETIMEDOUT.";

    public override IReadOnlyList<ExpectedClose> Packets => [new(CloseState.TimedOut, "C:REXMIT(5)×*", Cause.StateExpired)];

    [SupportedOSPlatform("linux")]
    internal override void Play(Stage stage)
    {
        stage.Happen("the firewall drops connections from its table after 1 s without a packet, and drops packets of unknown connections", () =>
        {
            stage.Routed.Router.Sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 1);
            stage.Routed.Router.Sysctl("net.netfilter.nf_conntrack_tcp_loose", 0);
            stage.Routed.Router.Firewall("forward", "ct state invalid drop");
        });
        (TracedSocket client, TracedSocket server) = stage.Connect(socket => TcpOption.UserTimeout.Set(socket, 700));
        client.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        stage.Pass(TimeSpan.FromSeconds(1.3));
        client.Send(5).Expect("ok");
        client.Await(TcpState.Closed);
        client.Receive().Expect("ETIMEDOUT");
        client.Send(5).Expect("EPIPE");
        server.Receive(patience: TimeSpan.Zero).Expect("blocks");
    }
}

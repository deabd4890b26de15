using System.Net;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// RFC 9293, section 3.5.1, figure 9: the server's host answers the SYN with an ACK of the old connection; the client's host has no such
/// connection and resets it; the retransmitted SYN is then accepted. Linux retransmits it immediately, older kernels after a second.
/// </summary>
internal sealed class HalfOpenPortReuseScenario : RoutedScenario
{
    public override string Summary => "The client's host restarts and connects again from the same port while the server still holds the old connection: the old connection ends with ECONNRESET, and the retransmitted SYN opens the new one.";

    public override IReadOnlyList<ExpectedClose> Packets =>
    [
        new(CloseState.Open, "", Cause.StillOpen),
        new(CloseState.Graceful, "S:ACK C:RST C:REXMIT S:SYN-ACK C:ACK C:DATA(5) [S:ACK ]C:FIN [S:ACK ]S:FIN C:ACK", Cause.StalePortReuse),
    ];

    [SupportedOSPlatform("linux")]
    internal override void Run(ScenarioContext context)
    {
        TracedSocket listener = context.Listen();
        (TracedSocket old, TracedSocket server) = context.Connect(listener);
        old.Send(5).Expect("ok");
        server.Receive().Expect("ok");
        EndPoint port = old.Socket.LocalEndPoint!;
        context.Wait(TimeSpan.FromMilliseconds(50)); // a host cannot restart within the time in which two equal ACKs may be duplicates of one packet
        context.Happen("the client's host restarts and has no connections", () => TcpRepair.Forget(old.Socket));
        (TracedSocket next, TracedSocket again) = context.Connect(listener, socket => socket.Bind(port));
        server.Receive().Expect("ECONNRESET");
        server.Send(5).Expect("EPIPE");
        next.Send(5).Expect("ok");
        again.Receive().Expect("ok");
        next.Close();
        again.Receive().Expect("EOF");
        again.Close();
    }
}

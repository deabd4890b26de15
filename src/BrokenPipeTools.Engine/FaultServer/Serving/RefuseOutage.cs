namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// The socket is bound but does not listen: the kernel answers each SYN with RST (RFC 9293, section 3.10.7.1), and no other program can use the port.
/// </summary>
internal sealed class RefuseOutage : Outage
{
    public override void Begin(Listener listener) => listener.StopListening();

    public override void End(Listener listener) => listener.Listen();
}

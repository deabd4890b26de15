using System.Net.Sockets;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>The behaviors of the TLS handshake with a ClientHello that the server cannot answer, or that comes in parts.</summary>
public sealed class TlsHelloTests
{
    private const byte Alert = 21; // RFC 8446, section 5.1

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>A ClientHello of TLS 1.1 whose only cipher suite does not exist.</summary>
    private static readonly byte[] Unanswerable =
    [
        22, 3, 1, 0, 45, // the record's header
        1, 0, 0, 41, 3, 2, // the message's header and the version
        .. new byte[32], // random
        0, 0, 2, 0xFA, 0xFB, 1, 0, // no session, one cipher suite, no compression
    ];

    [Fact]
    public void A_hello_that_gets_an_alert_and_no_ServerHello_is_a_failed_handshake()
    {
        using BrokenPipeServer server = Start(ServerBehavior.ResetDuringHandshake);
        using TestClient client = new(server);
        client.Socket.Send(Unanswerable);
        (string text, string end) = client.ReadToEnd();
        Assert.Equal((Alert, "EOF"), ((byte)text[0], end));
        Assert.True(server.WaitForEnded(1, MaxWait));
        ServedConnection served = server.Connections[0];
        Assert.Equal(ServedEnding.HandshakeFailed, served.Ending);
        Assert.NotNull(served.Error);
    }

    [Fact]
    public void All_of_a_hello_in_single_bytes_is_read_before_the_reset()
    {
        using BrokenPipeServer server = Start(ServerBehavior.ResetBeforeHandshake);
        using TestClient client = new(server);
        client.Socket.NoDelay = true;
        for (int i = 0; i < Unanswerable.Length; i++)
        {
            Assert.Equal(1, client.Socket.Send(Unanswerable, i, 1, SocketFlags.None));
            Assert.True(SpinWait.SpinUntil(() => server.Connections is [{ } served] && served.BytesReceived == i + 1, MaxWait));
        }

        Assert.Equal(("", "ECONNRESET"), client.ReadToEnd());
        Assert.Equal((ServedEnding.ResetByServer, (long)Unanswerable.Length), (server.Connections[0].Ending, server.Connections[0].BytesReceived));
    }

    [Theory]
    [InlineData(true, ServedEnding.ClosedByClient, null)]
    [InlineData(false, ServedEnding.HandshakeFailed, "timeout")]
    public void A_hello_that_is_never_complete_ends_with_the_client_or_the_time(bool closes, ServedEnding ending, string? error)
    {
        using BrokenPipeServer server = Start(ServerBehavior.ResetBeforeHandshake, closes ? MaxWait : TimeSpan.FromMilliseconds(300));
        using TestClient client = new(server);
        client.Socket.Send(Unanswerable, 0, 20, SocketFlags.None);
        if (closes)
            client.FinishSending();
        Assert.Equal(("", "EOF"), client.ReadToEnd());
        Assert.True(server.WaitForEnded(1, MaxWait));
        Assert.Equal((ending, error), (server.Connections[0].Ending, server.Connections[0].Error));
    }

    private static BrokenPipeServer Start(ServerBehavior behavior, TimeSpan? limit = null) =>
        BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, UseTls = true, HeaderTimeout = limit ?? MaxWait });
}

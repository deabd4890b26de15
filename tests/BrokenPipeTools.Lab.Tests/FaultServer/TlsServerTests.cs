using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>Each behavior over TLS, as .NET and curl see it, with and without close_notify.</summary>
public sealed class TlsServerTests
{
    private const string Request = "GET / HTTP/1.0\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK";

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>The behavior, the result of .NET's client, the ending in the log, the exit code of curl.</summary>
    private static readonly (ServerBehavior Behavior, string First, string End, ServedEnding Ending, int[] Curl)[] Cases =
    [
        (ServerBehavior.HttpHtml, Ok, "close", ServedEnding.ClosedByServer, [0]),
        (ServerBehavior.HttpJson, Ok, "close", ServedEnding.ClosedByServer, [0]),
        (ServerBehavior.HttpHeadersOnly, Ok, "close", ServedEnding.ClosedByServer, [0]),
        (ServerBehavior.SlowResponse, Ok, "close", ServedEnding.ClosedByServer, [0]),
        (ServerBehavior.ResetOnAccept, "", "handshake ECONNRESET", ServedEnding.ResetByServer, [7, 35]),
        (ServerBehavior.ResetAfterRequest, "", "ECONNRESET", ServedEnding.ResetByServer, [56]),
        (ServerBehavior.CloseOnAccept, "", "handshake EOF", ServedEnding.ClosedByServer, [35]),
        (ServerBehavior.CloseAfterRequest, "", "close", ServedEnding.ClosedByServer, [52]),
        (ServerBehavior.CloseWithUnreadData, "", "ECONNRESET", ServedEnding.ResetByServer, [56]),
        (ServerBehavior.RandomBytes, "*", "close", ServedEnding.ClosedByServer, [1]),
        (ServerBehavior.IdleTimeout, Ok, "close", ServedEnding.ClosedByServer, [0]),
        (ServerBehavior.HalfClose, "", "close", ServedEnding.ClosedByServer, [52]),
        (ServerBehavior.TruncatedBody, Ok, "close", ServedEnding.ClosedByServer, [18]),
        (ServerBehavior.MaxRequests, Ok, "close", ServedEnding.ClosedByServer, [0]),
        (ServerBehavior.ResetBeforeHandshake, "", "handshake ECONNRESET", ServedEnding.ResetByServer, [35]),
        (ServerBehavior.ResetDuringHandshake, "", "handshake ECONNRESET", ServedEnding.ResetByServer, [35]),
        (ServerBehavior.ResetAfterHandshake, "", "ECONNRESET", ServedEnding.ResetByServer, [55, 56]),
    ];

    public static TheoryData<ServerBehavior, bool> ForDotNet
    {
        get
        {
            TheoryData<ServerBehavior, bool> data = [];
            foreach ((ServerBehavior behavior, _, _, _, _) in Cases)
            {
                data.Add(behavior, true);
                data.Add(behavior, false);
            }

            return data;
        }
    }

    public static TheoryData<ServerBehavior> ForCurl => [.. Cases.Select(it => it.Behavior)];

    [Fact]
    public void Every_behavior_that_ends_by_itself_is_here() =>
        Assert.Equal(
            Enum.GetValues<ServerBehavior>().Where(b => b is not (>= ServerBehavior.Refuse and <= ServerBehavior.LateAccept) and not (>= ServerBehavior.Forward and <= ServerBehavior.UnixSink)).Except([ServerBehavior.NeverAnswer, ServerBehavior.EarlyResponse]),
            Cases.Select(it => it.Behavior));

    [Theory]
    [MemberData(nameof(ForDotNet))]
    public void A_NET_client_gets_the_documented_close(ServerBehavior behavior, bool notify)
    {
        (_, string first, string end, ServedEnding ending, _) = Cases.Single(it => it.Behavior == behavior);
        using BrokenPipeServer server = Start(behavior, notify);
        using TlsTestClient client = new(server);
        (string text, string seen) = client.Ask(Request);
        Assert.Equal(end == "close" ? notify ? "close_notify" : "EOF" : end, seen);
        if (first == "*")
            Assert.Equal(7, text.Length);
        else
            Assert.Equal(first, text.Split('\r')[0]);
        client.Dispose();
        Assert.True(server.WaitForEnded(1, MaxWait));
        ServedConnection served = Assert.Single(server.Connections);
        Assert.Equal((ending, behavior, null), (served.Ending, served.Behavior!.Value, served.Error));
        Assert.Equal(seen.StartsWith("handshake", StringComparison.Ordinal), served.Tls is null);
    }

    [Theory]
    [MemberData(nameof(ForCurl))]
    public void Curl_reports_it_with_its_code(ServerBehavior behavior)
    {
        if (!File.Exists("/usr/bin/curl"))
            return;
        using BrokenPipeServer server = Start(behavior, notify: true);
        string authority = Path.GetTempFileName();
        try
        {
            File.WriteAllText(authority, server.Certificate!.ExportCertificatePem());
            ProgramResult result = ChildProgram.Run("/usr/bin/curl", "--silent", "--max-time", "30", "--cacert", authority, "--output", "/dev/null", server.Uri!.AbsoluteUri);
            Assert.Contains(result.ExitCode, Cases.Single(it => it.Behavior == behavior).Curl);
        }
        finally
        {
            File.Delete(authority);
        }
    }

    [Fact]
    public void An_upload_that_is_answered_early_is_reset()
    {
        using BrokenPipeServer server = Start(ServerBehavior.EarlyResponse, notify: true);
        using TlsTestClient client = new(server);
        (string text, string end) = client.Ask("POST / HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n" + new string('x', 2_000_000));
        Assert.Contains(end, new[] { "ECONNRESET", "EPIPE" });
        Assert.True(text.Length == 0 || text.StartsWith("HTTP/1.1 413", StringComparison.Ordinal), text);
        Assert.True(server.WaitForEnded(1, MaxWait));
        Assert.Equal(ServedEnding.ResetByServer, server.Connections[0].Ending);
    }

    [Fact]
    public void Each_request_on_a_connection_gets_its_own_behavior()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.HttpJson, ServerBehavior.HttpHtml, ServerBehavior.CloseAfterRequest], Per = ServerStep.Request, UseTls = true });
        using TlsTestClient client = new(server);
        (string text, string end) = client.Ask(TestClient.Get + TestClient.Get + TestClient.Get);
        Assert.Equal((2, "close_notify"), (text.Split(Ok).Length - 1, end));
        Assert.Equal("HttpJson; HttpHtml; CloseAfterRequest", server.Connections[0].Behaviors.ToString());
    }

    [Fact]
    public void A_client_that_is_silent_or_speaks_no_TLS_is_in_the_log_with_its_reason()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, UseTls = true, HeaderTimeout = TimeSpan.FromMilliseconds(300) });
        using (TestClient silent = new(server))
            Assert.Equal("EOF", silent.ReadToEnd().End);
        using (TestClient other = new(server))
        {
            other.Write("GET / HTTP/1.1\r\n\r\n");
            other.ReadToEnd();
        }

        using (TestClient gone = new(server))
            gone.FinishSending();
        Assert.True(server.WaitForEnded(3, MaxWait));
        Assert.All(server.Connections, c => Assert.Equal((ServedEnding.HandshakeFailed, null), (c.Ending, c.Tls)));
        Assert.Equal("timeout", server.Connections[0].Error);
        Assert.Equal("EOF", server.Connections[2].Error);
    }

    [Fact]
    public void The_text_of_the_TLS_library_is_in_the_log()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, UseTls = true });
        using TestClient client = new(server);
        client.Write("\x15\x03\x01\0\x02\x02\x30"); // an alert before any handshake, RFC 8446, section 6
        client.ReadToEnd();
        Assert.True(server.WaitForEnded(1, MaxWait));
        ServedConnection served = Assert.Single(server.Connections);
        Assert.Equal(ServedEnding.HandshakeFailed, served.Ending);
        Assert.Contains(OperatingSystem.IsLinux() ? "unexpected message" : "", served.Error, StringComparison.Ordinal); // not only SSL_ERROR_SSL
    }

    [Fact]
    public void The_certificate_names_the_endpoint_and_is_trusted_if_it_is_the_root()
    {
        using BrokenPipeServer server = Start(ServerBehavior.HttpJson, notify: true);
        Assert.True(server.Certificate!.MatchesHostname("localhost") && server.Certificate.MatchesHostname("127.0.0.1") && server.Certificate.MatchesHostname("::1"));
        Assert.Equal("https", server.Uri!.Scheme);
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(server.Certificate);
        Assert.True(chain.Build(server.Certificate), string.Join(", ", chain.ChainStatus.Select(s => s.StatusInformation)));
    }

    [Fact]
    public void The_certificate_of_a_server_on_every_address_names_the_addresses_of_the_host()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, UseTls = true, Address = IPAddress.Any });
        IPAddress[] own = [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address).Where(one => !one.IsIPv6LinkLocal).Take(20)];
        Assert.All(own, address => Assert.True(server.Certificate!.MatchesHostname(address.ToString()), address.ToString()));
    }

    [Fact]
    public void A_certificate_of_ones_own_is_used_and_one_without_a_key_is_an_error()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 own = new CertificateRequest("CN=own.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, Certificate = own });
        using TlsTestClient client = new(server);
        Assert.StartsWith(Ok, client.Ask(Request).Text, StringComparison.Ordinal);
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(own.RawData);
        Assert.Equal(ServerProblemId.CertificateInvalid, Assert.Throws<ServerStartException>(() => BrokenPipeServer.Start(new BrokenPipeServerOptions { Certificate = withoutKey })).Id);
    }

    private static BrokenPipeServer Start(ServerBehavior behavior, bool notify) => BrokenPipeServer.Start(new BrokenPipeServerOptions
    {
        Behavior = behavior,
        UseTls = true,
        SendsCloseNotify = notify,
        Interval = TimeSpan.Zero,
        IdleTimeout = TimeSpan.FromSeconds(2), // longer than a busy machine needs between the handshake and the request
    });
}

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>A client that knows only the root gets the intermediate certificates from the server.</summary>
public sealed class CertificateChainTests : IDisposable
{
    private readonly TestChain _chain = new();

    [Fact]
    public void A_client_of_NET_that_knows_only_the_root_trusts_the_server()
    {
        using BrokenPipeServer whole = Start(_chain.Second, _chain.First);
        Assert.Equal([_chain.Server.Subject, _chain.Second.Subject, _chain.First.Subject, _chain.Root.Subject], ShakeHands(whole));
        using BrokenPipeServer anyOrder = Start(_chain.First, _chain.Root, _chain.Second);
        Assert.Equal(4, ShakeHands(anyOrder).Length);
        using BrokenPipeServer alone = Start();
        Assert.Throws<AuthenticationException>(() => ShakeHands(alone));
    }

    [Fact]
    public void Curl_and_openssl_see_the_whole_chain_without_the_root()
    {
        if (!File.Exists("/usr/bin/curl") || !File.Exists("/usr/bin/openssl"))
            return;
        using BrokenPipeServer server = Start(TestChain.WithoutKey(_chain.First), _chain.Root, TestChain.WithoutKey(_chain.Second));
        string root = Path.GetTempFileName();
        try
        {
            File.WriteAllText(root, TestChain.Pem(_chain.Root));
            Assert.Equal(0, ChildProgram.Run("/usr/bin/curl", "--silent", "--max-time", "30", "--cacert", root, "--output", "/dev/null", server.Uri!.AbsoluteUri).ExitCode);
            string shown = ChildProgram.Run("/usr/bin/openssl", "s_client", "-connect", server.EndPoint, "-CAfile", root, "-verify_return_error", "-showcerts").Output;
            Assert.Equal(3, shown.Split("-----BEGIN CERTIFICATE-----").Length - 1);
            Assert.Contains("Verification: OK", shown, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(root);
        }
    }

    [Fact]
    public void A_certificate_that_would_not_be_sent_is_an_error()
    {
        using TestChain other = new();
        Assert.Contains("'CN=test intermediate 1' is not in the chain of 'CN=test server', which is issued by 'CN=test intermediate 2'", Problem(_chain.First), StringComparison.Ordinal);
        Assert.Contains("is not ", Problem(other.Second), StringComparison.Ordinal); // the same name, another key
        Assert.Equal(
            ServerProblemId.ServerOptionInvalid,
            Assert.Throws<ServerStartException>(() => BrokenPipeServer.Start(new BrokenPipeServerOptions { UseTls = true, Intermediates = [_chain.First] })).Id);
    }

    public void Dispose() => _chain.Dispose();

    private BrokenPipeServer Start(params X509Certificate2[] intermediates) =>
        BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, Certificate = _chain.Server, Intermediates = intermediates });

    private string Problem(params X509Certificate2[] intermediates)
    {
        ServerStartException problem = Assert.Throws<ServerStartException>(() => Start(intermediates));
        Assert.Equal(ServerProblemId.CertificateInvalid, problem.Id);
        return problem.Message;
    }

    /// <summary>Returns the names of the chain as the client has verified it.</summary>
    private string[] ShakeHands(BrokenPipeServer server)
    {
        string[] names = [];
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
        socket.Connect(server.Address!, server.Port);
        using SslStream tls = new(new NetworkStream(socket));
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = _chain.TrustRoot(),
            RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            {
                names = [.. chain!.ChainElements.Select(one => one.Certificate.Subject)];
                return errors == SslPolicyErrors.None;
            },
        });
        return names;
    }
}

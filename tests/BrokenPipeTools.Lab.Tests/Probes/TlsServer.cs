using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>Accepts every client, reads once, answers, and ends the connection in the given way.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SslProtocols _version;
    private readonly Func<SslStream, Socket, Task> _end;
    private readonly X509Certificate2 _certificate;

    /// <param name="version">The version of TLS.</param>
    /// <param name="end">How to end the connection.</param>
    /// <param name="lastDay">The end of the certificate's validity; null for tomorrow.</param>
    public TlsServer(SslProtocols version, Func<SslStream, Socket, Task> end, DateTimeOffset? lastDay = null)
    {
        _certificate = SelfSigned(lastDay ?? DateTimeOffset.UtcNow.AddDays(1));
        _version = version;
        _end = end;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The name that the client asked for (SNI).</summary>
    public string? AskedFor { get; private set; }

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private async Task ServeAsync()
    {
        using Socket client = await _listener.AcceptAsync();
        client.NoDelay = true; // otherwise the answer waits until TLS 1.3's tickets are acknowledged, which the client delays
        using SslStream tls = new(new NetworkStream(client), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = _version });
        AskedFor = tls.TargetHostName;
        await tls.ReadAtLeastAsync(new byte[1], 1);
        await tls.WriteAsync("answer"u8.ToArray());
        await _end(tls, client);
    }

    private static X509Certificate2 SelfSigned(DateTimeOffset lastDay)
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 made = new CertificateRequest("CN=probed.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(lastDay.AddDays(-2), lastDay);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

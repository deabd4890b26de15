using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The certificate of a server that uses TLS.</summary>
internal sealed class ServerTls
{
    private const int YesterdayAndTomorrow = 1; // days: the clocks of client and server may differ
    private const int MostAddresses = 100; // a host with containers has thousands
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // id-kp-serverAuth, RFC 5280, section 4.2.1.12

    private ServerTls(CertificateChain chain)
    {
        chain.Check();
        Certificate = chain.Certificate;
        Options = new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(chain.Certificate, [.. chain.Intermediates], offline: true) };
    }

    public X509Certificate2 Certificate { get; }

    public SslServerAuthenticationOptions Options { get; }

    /// <summary>Uses the certificate of the options, or makes one for the names of the endpoint. Returns null if the server does not use TLS.</summary>
    /// <exception cref="ServerStartException">The certificate cannot be used.</exception>
    public static ServerTls? For(BrokenPipeServerOptions options, IPAddress listens)
    {
        if (!options.UsesTls)
            return null;
        try
        {
            return new ServerTls(new CertificateChain(options.Certificate ?? SelfSigned(listens), options.Intermediates));
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or ArgumentException)
        {
            throw new ServerStartException(ServerProblemId.CertificateInvalid, $"the certificate cannot be used: {e.Message}", e);
        }
    }

    private static X509Certificate2 SelfSigned(IPAddress listens)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=BrokenPipeTools test server", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(listens));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-YesterdayAndTomorrow), DateTimeOffset.UtcNow.AddDays(YesterdayAndTomorrow));

        // Windows does not accept a key that is only in memory.
        return new X509Certificate2(made.Export(X509ContentType.Pkcs12), (string?)null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>
    /// Lists the names for the certificate: localhost, the loopback addresses and the server's address. If other hosts can reach the server, also the
    /// host's name. If the server listens on every address, also all addresses of the host.
    /// </summary>
    private static X509Extension Names(IPAddress listens)
    {
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        if (IPAddress.IsLoopback(listens))
        {
            if (!listens.Equals(IPAddress.Loopback) && !listens.Equals(IPAddress.IPv6Loopback))
                names.AddIpAddress(listens);
            return names.Build();
        }

        names.AddDnsName(Dns.GetHostName());
        foreach (IPAddress address in listens.Equals(IPAddress.Any) || listens.Equals(IPAddress.IPv6Any) ? OwnAddresses() : [listens])
            names.AddIpAddress(address);
        return names.Build();
    }

    private static IEnumerable<IPAddress> OwnAddresses() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(one => one.GetIPProperties().UnicastAddresses)
        .Select(one => one.Address)
        .Where(address => !IPAddress.IsLoopback(address))
        .Distinct()
        .Take(MostAddresses);
}

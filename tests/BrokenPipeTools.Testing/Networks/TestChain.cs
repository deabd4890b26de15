using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BrokenPipeTools.Testing.Networks;

/// <summary>A root, two intermediate certificates, and the certificate of a server on loopback.</summary>
internal sealed class TestChain : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // RFC 5280, section 4.2.1.12

    private readonly List<ECDsa> _keys = [];

    public TestChain()
    {
        Root = Make("CN=test root", null);
        First = Make("CN=test intermediate 1", Root);
        Second = Make("CN=test intermediate 2", First);
        Server = Make("CN=test server", Second, isServer: true);
    }

    public X509Certificate2 Root { get; }

    /// <summary>The first intermediate certificate, issued by <see cref="Root"/>.</summary>
    public X509Certificate2 First { get; }

    /// <summary>The second intermediate certificate, issued by <see cref="First"/>.</summary>
    public X509Certificate2 Second { get; }

    /// <summary>The server's certificate, issued by <see cref="Second"/>, with its private key.</summary>
    public X509Certificate2 Server { get; }

    public string Key => _keys[^1].ExportPkcs8PrivateKeyPem();

    /// <summary>The PEM text of certificates, one after another.</summary>
    public static string Pem(params X509Certificate2[] certificates) => string.Join('\n', certificates.Select(one => one.ExportCertificatePem())) + "\n";

    /// <summary>The certificates as PKCS #12 without a password.</summary>
    public static byte[] Pkcs12(params X509Certificate2[] certificates) => new X509Certificate2Collection(certificates).Export(X509ContentType.Pkcs12)!;

    /// <summary>A certificate without its private key.</summary>
    public static X509Certificate2 WithoutKey(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    /// <summary>The policy of a client that trusts only the root, and downloads no certificates.</summary>
    public X509ChainPolicy TrustRoot() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { Root },
        DisableCertificateDownloads = true,
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public void Dispose()
    {
        foreach (X509Certificate2 one in (X509Certificate2[])[Root, First, Second, Server])
            one.Dispose();
        _keys.ForEach(key => key.Dispose());
    }

    private X509Certificate2 Make(string name, X509Certificate2? issuer, bool isServer = false)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Add(key);
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(!isServer, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (isServer)
        {
            SubjectAlternativeNameBuilder names = new();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        }

        DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-1);
        if (issuer is null)
            return request.CreateSelfSigned(from, from.AddDays(2));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using X509Certificate2 made = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable); // Windows does not take a key that is in memory only
    }
}

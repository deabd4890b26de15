using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>Certificates in the forms that openssl writes, and the missing part of those that cannot be used.</summary>
public sealed class CertificateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _made;

    public CertificateFileTests() =>
        _made = new CertificateRequest("CN=own.test", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));

    [Fact]
    public void A_certificate_with_its_key_is_read_in_every_form()
    {
        string certificate = _made.ExportCertificatePem();
        string key = _key.ExportPkcs8PrivateKeyPem();
        Assert.Equal(_made.Thumbprint, Read(certificate + "\n" + key).Thumbprint);
        Assert.Equal(_made.Thumbprint, Read(certificate, _key.ExportRSAPrivateKeyPem()).Thumbprint);
        Assert.Equal(_made.Thumbprint, CertificateFile.Read(Save(_made.Export(X509ContentType.Pkcs12)), null).Thumbprint);
    }

    [Fact]
    public void A_missing_certificate_is_reported_with_the_remedy()
    {
        string certificate = _made.ExportCertificatePem();
        string locked = _key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Assert.Contains("name its file with --certificate-key", Problem(() => Read(certificate)), StringComparison.Ordinal);
        Assert.Contains("has no private key", Problem(() => Read(certificate, certificate)), StringComparison.Ordinal);
        Assert.Contains("its key has a passphrase", Problem(() => Read(certificate, locked)), StringComparison.Ordinal);
        Assert.Contains("it has a password", Problem(() => CertificateFile.Read(Save(_made.Export(X509ContentType.Pkcs12, "secret")), null)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_certificate_of_a_server_is_written_without_its_key()
    {
        string path = Path.Combine(_folder, "out.pem");
        CertificateFile.Write(path, _made);
        using X509Certificate2 written = X509Certificate2.CreateFromPem(File.ReadAllText(path));
        Assert.Equal((_made.Thumbprint, false), (written.Thumbprint, written.HasPrivateKey));
    }

    public void Dispose()
    {
        _made.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Problem(Func<object> read)
    {
        ServerStartException problem = Assert.Throws<ServerStartException>(read);
        Assert.Equal(ServerProblemId.CertificateInvalid, problem.Id);
        return problem.Message;
    }

    private X509Certificate2 Read(string certificate, string? key = null) =>
        CertificateFile.Read(Save(System.Text.Encoding.ASCII.GetBytes(certificate)), key is null ? null : Save(System.Text.Encoding.ASCII.GetBytes(key)));

    private string Save(byte[] content)
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllBytes(path, content);
        return path;
    }
}

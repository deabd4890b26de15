using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Networks;

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
        Assert.Equal(_made.Thumbprint, Read(certificate + "\n" + key).Certificate.Thumbprint);
        Assert.Equal(_made.Thumbprint, Read(certificate, _key.ExportRSAPrivateKeyPem()).Certificate.Thumbprint);
        Assert.Equal(_made.Thumbprint, ReadBytes(_made.Export(X509ContentType.Pkcs12)).Certificate.Thumbprint);
    }

    [Fact]
    public void The_chain_is_read_in_every_form()
    {
        using TestChain chain = new();
        string key = chain.Key;
        X509Certificate2[] others = [TestChain.WithoutKey(chain.First), TestChain.WithoutKey(chain.Root), TestChain.WithoutKey(chain.Second)];
        CertificateChain[] read =
        [
            Read(TestChain.Pem([chain.Server, .. others]) + key),
            Read(key + "\n" + TestChain.Pem([chain.Server, .. others])),
            Read(TestChain.Pem([chain.Server, .. others, chain.Server]), key),
            ReadBytes(TestChain.Pkcs12([.. others, chain.Server])),
        ];
        Assert.All(read, one =>
        {
            Assert.Equal((chain.Server.Thumbprint, true), (one.Certificate.Thumbprint, one.Certificate.HasPrivateKey));
            Assert.Equal(others.Select(other => other.Thumbprint).Order(), one.Intermediates.Select(other => other.Thumbprint).Order());
        });
    }

    [Fact]
    public void An_error_of_a_chain_names_the_file()
    {
        using TestChain chain = new();
        using TestChain other = new();
        string key = chain.Key;
        Assert.Contains("'CN=test intermediate 1' is not in the chain of 'CN=test server'", Problem(() => Read(TestChain.Pem(chain.Server, chain.First) + key)), StringComparison.Ordinal);
        Assert.Contains("is not ", Problem(() => Read(TestChain.Pem(chain.Server, other.Second, other.First) + key)), StringComparison.Ordinal);
        Assert.Contains("the private key is not that of its first certificate, 'CN=test intermediate 2'", Problem(() => Read(TestChain.Pem(chain.Second, chain.Server) + key)), StringComparison.Ordinal);
        Assert.Contains("it has no certificate", Problem(() => Read(key)), StringComparison.Ordinal);
        Assert.Contains("it has no private key", Problem(() => ReadBytes(chain.Server.RawData)), StringComparison.Ordinal);
        Problem(() => Read("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + key));
        Problem(() => ReadBytes([]));
        Problem(() => ReadBytes([0x30, 0x82, 1, 2, 3]));
    }

    [Fact]
    public void A_missing_certificate_is_reported_with_the_remedy()
    {
        string certificate = _made.ExportCertificatePem();
        string locked = _key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Assert.Contains("name the key's file with --certificate-key", Problem(() => Read(certificate)), StringComparison.Ordinal);
        Assert.Contains("has no private key", Problem(() => Read(certificate, certificate)), StringComparison.Ordinal);
        Assert.Contains("its key has a passphrase", Problem(() => Read(certificate, locked)), StringComparison.Ordinal);
        Assert.Contains("it has a password", Problem(() => ReadBytes(_made.Export(X509ContentType.Pkcs12, "secret"))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_certificate_of_a_server_is_written_without_its_key()
    {
        string path = Path.Combine(_folder, "out.pem");
        CertificateOutput.Write(path, _made);
        using X509Certificate2 written = X509Certificate2.CreateFromPem(File.ReadAllText(path));
        Assert.Equal((_made.Thumbprint, false), (written.Thumbprint, written.HasPrivateKey));
    }

    public void Dispose()
    {
        _made.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Problem(Func<object> read)
    {
        ServerStartException problem = Assert.Throws<ServerStartException>(read);
        Assert.Equal(ServerProblemId.CertificateInvalid, problem.Id);
        Assert.StartsWith(_folder, problem.Message, StringComparison.Ordinal);
        return problem.Message;
    }

    private CertificateChain Read(string certificate, string? key = null) =>
        CertificateFile.Read(Save(Encoding.ASCII.GetBytes(certificate)), key is null ? null : Save(Encoding.ASCII.GetBytes(key)), "--certificate-key");

    private CertificateChain ReadBytes(byte[] content) => CertificateFile.Read(Save(content), null, "--certificate-key");

    private string Save(byte[] content)
    {
        string path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllBytes(path, content);
        return path;
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Reads a certificate with its private key and its chain.</summary>
internal static class CertificateFile
{
    /// <summary>The most bytes that are read: enough for a chain with long keys. It is a bound if the path is that of a device.</summary>
    private const int LargestBytes = 1 << 20;

    private const int WrongPassword = unchecked((int)0x80070056); // ERROR_INVALID_PASSWORD, on every system

    /// <summary>Reads a file in PEM (RFC 7468; the server's own certificate first), or in PKCS #12 (RFC 7292) without a password.</summary>
    /// <param name="path">The path of the file with the certificates.</param>
    /// <param name="keyPath">The path of the private key of a PEM certificate; null if the key is in the same file.</param>
    /// <param name="keyOption">The name of the option for the key's file, for the error message.</param>
    /// <exception cref="ServerStartException">The file cannot be read, or a certificate is not in the chain. The message begins with the path.</exception>
    public static CertificateChain Read(string path, string? keyPath, string keyOption)
    {
        try
        {
            byte[] content = ReadBytes(path);
            string text = Encoding.ASCII.GetString(content);
            CertificateChain chain = CertificateChain.Of(text.Contains("-----BEGIN ", StringComparison.Ordinal) ? ReadPem(text, keyPath, keyOption) : ReadPkcs12(content, keyPath, keyOption));
            chain.Check();
            return chain;
        }
        catch (ServerStartException)
        {
            throw; // names the file that cannot be read: that of the certificate or that of the key
        }
        catch (CryptographicException e) when (e.HResult == WrongPassword)
        {
            throw Problem(path, "it has a password; write it without one (openssl pkcs12 -in FILE -noenc)", e);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Problem(path, e.Message.ReplaceLineEndings(" "), e);
        }
    }

    private static ServerStartException Problem(string path, string reason, Exception e) =>
        new(ServerProblemId.CertificateInvalid, $"{DisplayText.Of(path)}: {DisplayText.Of(reason)}", e);

    private static X509Certificate2Collection ReadPem(string text, string? keyPath, string keyOption)
    {
        string key = KeyOf(keyPath is null ? text : Encoding.ASCII.GetString(ReadBytes(keyPath)), keyPath, keyOption);
        X509Certificate2Collection all = [];
        all.ImportFromPem(text);
        RequireSome(all);
        try
        {
            using X509Certificate2 own = X509Certificate2.CreateFromPem(all[0].ExportCertificatePem(), key);
            byte[] stored = own.Export(X509ContentType.Pkcs12); // Windows does not accept a key that is only in memory
            all[0] = new X509Certificate2(stored, (string?)null, X509KeyStorageFlags.Exportable);
            return all;
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException($"the private key is not that of its first certificate, '{all[0].Subject}'; the server's own must be the first", e);
        }
    }

    private static X509Certificate2Collection ReadPkcs12(byte[] content, string? keyPath, string keyOption)
    {
        if (keyPath is not null)
            throw new CryptographicException($"it is not a PEM file; {keyOption} is only for PEM");
        X509Certificate2Collection all = [];
        all.Import(content, null, X509KeyStorageFlags.Exportable);
        RequireSome(all);
        return all;
    }

    private static void RequireSome(X509Certificate2Collection all)
    {
        if (all.Count == 0)
            throw new CryptographicException("it has no certificate");
    }

    /// <exception cref="CryptographicException">There is no private key, or it has a passphrase.</exception>
    private static string KeyOf(string text, string? keyPath, string keyOption)
    {
        if (text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            throw new CryptographicException("its key has a passphrase; write it without one (openssl pkey -in FILE)");
        return text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
            ? text
            : throw new CryptographicException(keyPath is null ? $"it has no private key; name the key's file with {keyOption}" : $"{DisplayText.Of(keyPath)} has no private key");
    }

    /// <exception cref="ServerStartException">The file cannot be read. The message begins with the path.</exception>
    private static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] content = new byte[LargestBytes + 1];
            int count = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return count <= LargestBytes ? content[..count] : throw new IOException($"larger than {LargestBytes} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Problem(path, Directory.Exists(path) ? "a directory" : FileReason.Of(e), e);
        }
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Reads a certificate with its private key, and writes one without it.</summary>
internal static class CertificateFile
{
    /// <summary>Enough for a chain with long keys; a device without an end is not read further.</summary>
    private const int LargestBytes = 1 << 20;

    private const int WrongPassword = unchecked((int)0x80070056); // ERROR_INVALID_PASSWORD, on every system

    /// <summary>Reads PEM (RFC 7468) or, if it is not that, PKCS #12 (RFC 7292) without a password.</summary>
    /// <param name="path">The certificate.</param>
    /// <param name="keyPath">The key of a PEM certificate; null if it is in the same file.</param>
    /// <exception cref="ServerStartException">It cannot be read.</exception>
    public static X509Certificate2 Read(string path, string? keyPath)
    {
        try
        {
            byte[] content = ReadBytes(path);
            string text = Encoding.ASCII.GetString(content);
            return text.Contains("-----BEGIN ", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromPem(text, KeyOf(keyPath is null ? text : Encoding.ASCII.GetString(ReadBytes(keyPath)), keyPath))
                : X509CertificateLoader.LoadPkcs12(content, null, X509KeyStorageFlags.Exportable);
        }
        catch (CryptographicException e) when (e.HResult == WrongPassword)
        {
            throw new ServerStartException(ServerProblemId.CertificateInvalid, $"{DisplayText.Of(path)}: it has a password; write it without one (openssl pkcs12 -in FILE -noenc)", e);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ServerStartException(ServerProblemId.CertificateInvalid, $"{DisplayText.Of(path)}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Writes the certificate alone, as PEM.</summary>
    /// <exception cref="ServerStartException">It cannot be written.</exception>
    public static void Write(string path, X509Certificate2 certificate)
    {
        try
        {
            using StreamWriter file = new(path); // ASCII
            file.Write(certificate.ExportCertificatePem() + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ServerStartException(ServerProblemId.ServerStartFailed, $"{DisplayText.Of(path)}: the certificate cannot be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <exception cref="CryptographicException">There is none, or it has a passphrase.</exception>
    private static string KeyOf(string text, string? keyPath)
    {
        if (text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            throw new CryptographicException("its key has a passphrase; write it without one (openssl pkey -in FILE)");
        return text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
            ? text
            : throw new CryptographicException(keyPath is null ? "it has no private key; name its file with --certificate-key" : $"{DisplayText.Of(keyPath)} has no private key");
    }

    private static byte[] ReadBytes(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] content = new byte[LargestBytes + 1];
        int count = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return count <= LargestBytes ? content[..count] : throw new IOException($"larger than {LargestBytes} bytes");
    }
}

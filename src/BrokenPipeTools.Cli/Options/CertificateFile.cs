using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Reads a certificate with its private key.</summary>
internal static class CertificateFile
{
    /// <summary>Of a chain with long keys; a device without an end is not read on.</summary>
    private const int LargestBytes = 1 << 20;

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
                ? X509Certificate2.CreateFromPem(text, keyPath is null ? text : Encoding.ASCII.GetString(ReadBytes(keyPath)))
                : X509CertificateLoader.LoadPkcs12(content, null, X509KeyStorageFlags.Exportable);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ServerStartException(ServerProblemId.CertificateInvalid, $"{DisplayText.Of(path)}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] content = new byte[LargestBytes + 1];
        int count = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return count <= LargestBytes ? content[..count] : throw new IOException($"larger than {LargestBytes} bytes");
    }
}

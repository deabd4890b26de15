using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Writes the server's certificate to a file, for clients that check it.</summary>
internal static class CertificateOutput
{
    /// <summary>Writes the certificate alone, as PEM, without its key.</summary>
    /// <exception cref="ServerStartException">The file cannot be written.</exception>
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
}

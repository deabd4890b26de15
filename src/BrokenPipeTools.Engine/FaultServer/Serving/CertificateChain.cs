using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The certificate of a server, and the further certificates that it sends because clients know only the root (RFC 8446, section 4.4.2).</summary>
/// <param name="Certificate">The server's own certificate, with its private key.</param>
/// <param name="Intermediates">The further certificates, in any order. A root among them is not sent.</param>
internal sealed record CertificateChain(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Intermediates)
{
    /// <summary>Makes a chain. The first certificate with a private key is the server's own; if none has a key, the first one.</summary>
    /// <param name="certificates">The certificates: at least one.</param>
    public static CertificateChain Of(IEnumerable<X509Certificate2> certificates)
    {
        X509Certificate2[] all = [.. certificates];
        X509Certificate2 own = Array.Find(all, one => one.HasPrivateKey) ?? all[0];
        return new CertificateChain(own, [.. all.Where(one => one.Thumbprint != own.Thumbprint).DistinctBy(one => one.Thumbprint)]);
    }

    /// <summary>
    /// Checks the chain. A certificate that is not in the chain of the server's own is an error here, because SslStream would silently leave it out.
    /// </summary>
    /// <exception cref="CryptographicException">The private key is missing, or a certificate is not in the chain or did not sign the one before
    /// it.</exception>
    public void Check()
    {
        if (!Certificate.HasPrivateKey)
            throw new CryptographicException("it has no private key");
        using X509Chain chain = new()
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, // otherwise the chain would end at the first certificate that this machine trusts
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationFlags = X509VerificationFlags.AllFlags,
            },
        };
        chain.ChainPolicy.ExtraStore.AddRange((X509Certificate2[])[.. Intermediates]);
        chain.Build(Certificate);
        foreach (X509ChainElement element in chain.ChainElements)
        {
            if (element.ChainElementStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotSignatureValid)))
                throw new CryptographicException($"'{NameOf(element.Certificate)}' is not signed with the key of its issuer's certificate");
        }

        foreach (X509Certificate2 one in Intermediates)
        {
            if (chain.ChainElements.All(element => element.Certificate.Thumbprint != one.Thumbprint))
                throw new CryptographicException($"'{NameOf(one)}' is not in the chain of '{NameOf(Certificate)}', which is issued by '{Certificate.Issuer}'");
        }
    }

    private static string NameOf(X509Certificate2 certificate) => certificate.Subject.Length > 0 ? certificate.Subject : certificate.SerialNumber;
}

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The TLS handshake failed: the client does not trust the certificate, or it did not use TLS.</summary>
internal sealed class HandshakeException(string reason) : IOException(reason);

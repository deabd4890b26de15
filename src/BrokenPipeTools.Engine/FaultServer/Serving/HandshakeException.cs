namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The error if the TLS handshake fails: the client does not trust the certificate, or does not use TLS.</summary>
internal sealed class HandshakeException(string reason) : IOException(reason);

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>The client and the server did not agree on TLS: it does not trust the certificate, or it did not use TLS.</summary>
internal sealed class HandshakeException(string reason) : IOException(reason);

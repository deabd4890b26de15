namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The upstream server cannot be reached. The message is the errno's name.</summary>
internal sealed class UpstreamException(string errno) : IOException(errno);

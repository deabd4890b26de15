namespace BrokenPipeTools.Sockets;

/// <summary>The platform of an error number: the same failure has another number, and often another name, on each.</summary>
public enum SocketPlatform
{
    /// <summary>Linux (include/uapi/asm-generic/errno.h).</summary>
    Linux,

    /// <summary>macOS and the BSDs, whose numbers it shares.</summary>
    MacOS,

    /// <summary>Winsock.</summary>
    Windows,
}

namespace BrokenPipeTools.Sockets;

/// <summary>The platform of an error number: the same failure has different numbers, and often different names.</summary>
public enum SocketPlatform
{
    /// <summary>Linux (include/uapi/asm-generic/errno.h).</summary>
    Linux,

    /// <summary>macOS and the BSDs, which have the same numbers.</summary>
    MacOS,

    /// <summary>Winsock.</summary>
    Windows,
}

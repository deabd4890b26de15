namespace BrokenPipeTools.Capture.Files;

/// <summary>The kinds of files that are distinguished here.</summary>
internal enum FileKind
{
    /// <summary>A file with content.</summary>
    Regular,

    Directory,

    SymbolicLink,

    /// <summary>The name of a Unix-domain socket.</summary>
    Socket,

    /// <summary>A device, a FIFO.</summary>
    Other,
}

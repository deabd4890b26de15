using System.Runtime.InteropServices;

namespace BrokenPipeTools.Kernel;

/// <summary>The error if a network namespace cannot be made, opened or entered, or if something cannot be opened in it.</summary>
internal sealed class NetworkNamespaceException : InvalidOperationException
{
    private NetworkNamespaceException(string message, int errno)
        : base(message) => Errno = errno;

    /// <summary>The errno of the system call.</summary>
    public int Errno { get; }

    /// <summary>The kind of the problem with the requested namespace.</summary>
    public NetworkNamespaceFault Fault => Errno switch
    {
        2 or 3 or 20 => NetworkNamespaceFault.NotFound, // ENOENT, ESRCH, ENOTDIR
        1 or 13 => NetworkNamespaceFault.AccessDenied, // EPERM, EACCES
        _ => NetworkNamespaceFault.Invalid,
    };

    /// <summary>The problem and its remedy, as text for the user.</summary>
    public string Problem => Fault switch
    {
        NetworkNamespaceFault.NotFound => "no such process or network namespace",
        NetworkNamespaceFault.AccessDenied => "permission denied; entering a network namespace needs root (CAP_SYS_ADMIN; CAP_SYS_PTRACE for that of a process of another user)",
        _ => "not a network namespace; give the id of a process, or a path such as /run/netns/NAME or /proc/PID/ns/net",
    };

    /// <summary>Makes the exception from the errno of a system call.</summary>
    public static NetworkNamespaceException Of(string problem, int errno) => new($"{problem}: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
}

/// <summary>The reasons why a requested network namespace cannot be used.</summary>
internal enum NetworkNamespaceFault
{
    /// <summary>The network namespace does not exist.</summary>
    NotFound,

    /// <summary>This process may not enter the network namespace.</summary>
    AccessDenied,

    /// <summary>The path is not the path of a network namespace.</summary>
    Invalid,
}

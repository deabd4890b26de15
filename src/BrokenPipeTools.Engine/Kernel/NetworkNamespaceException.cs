using System.Runtime.InteropServices;

namespace BrokenPipeTools.Kernel;

/// <summary>A network namespace cannot be made, opened or entered, or something cannot be opened in it.</summary>
internal sealed class NetworkNamespaceException : InvalidOperationException
{
    private NetworkNamespaceException(string message, int errno)
        : base(message) => Errno = errno;

    /// <summary>The number that the system call left.</summary>
    public int Errno { get; }

    /// <summary>Makes one from the number that a system call left.</summary>
    public static NetworkNamespaceException Of(string problem, int errno) => new($"{problem}: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
}

using System.Globalization;
using System.Net.Sockets;

namespace BrokenPipeTools.Sockets;

/// <summary>
/// The names of socket errors: POSIX names on Unix, Winsock's names on Windows. The numbers come from Linux include/uapi/asm-generic/errno.h and
/// errno-base.h, macOS bsd/sys/errno.h, and Windows winsock2.h (https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2).
/// </summary>
public static class SocketErrors
{
    private static readonly (string Name, int Linux, int MacOS, int Windows)[] Table =
    [
        ("EPERM", 1, 1, 0),
        ("ENOENT", 2, 2, 0),
        ("EINTR", 4, 4, 10004),
        ("EIO", 5, 5, 0),
        ("EBADF", 9, 9, 10009),
        ("EAGAIN", 11, 35, 10035),
        ("ENOMEM", 12, 12, 0),
        ("EACCES", 13, 13, 10013),
        ("EFAULT", 14, 14, 10014),
        ("EINVAL", 22, 22, 10022),
        ("EMFILE", 24, 24, 10024),
        ("EPIPE", 32, 32, 0),
        ("ENOTSOCK", 88, 38, 10038),
        ("EDESTADDRREQ", 89, 39, 10039),
        ("EMSGSIZE", 90, 40, 10040),
        ("EPROTOTYPE", 91, 41, 10041),
        ("ENOPROTOOPT", 92, 42, 10042),
        ("EPROTONOSUPPORT", 93, 43, 10043),
        ("EOPNOTSUPP", 95, 102, 10045),
        ("EAFNOSUPPORT", 97, 47, 10047),
        ("EADDRINUSE", 98, 48, 10048),
        ("EADDRNOTAVAIL", 99, 49, 10049),
        ("ENETDOWN", 100, 50, 10050),
        ("ENETUNREACH", 101, 51, 10051),
        ("ENETRESET", 102, 52, 10052),
        ("ECONNABORTED", 103, 53, 10053),
        ("ECONNRESET", 104, 54, 10054),
        ("ENOBUFS", 105, 55, 10055),
        ("EISCONN", 106, 56, 10056),
        ("ENOTCONN", 107, 57, 10057),
        ("ESHUTDOWN", 108, 58, 10058),
        ("ETIMEDOUT", 110, 60, 10060),
        ("ECONNREFUSED", 111, 61, 10061),
        ("EHOSTDOWN", 112, 64, 10064),
        ("EHOSTUNREACH", 113, 65, 10065),
        ("EALREADY", 114, 37, 10037),
        ("EINPROGRESS", 115, 36, 10036),
    ];

    /// <summary>The platform of this process.</summary>
    public static SocketPlatform Current { get; } =
        OperatingSystem.IsWindows() ? SocketPlatform.Windows
        : OperatingSystem.IsLinux() ? SocketPlatform.Linux
        : SocketPlatform.MacOS;

    /// <summary>
    /// Returns the name of an error on this platform. An error of the resolver has no errno, so its .NET name is returned, such as HostNotFound.
    /// </summary>
    public static string Name(SocketException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoRecovery or SocketError.NoData
            ? exception.SocketErrorCode.ToString()
            : Name(exception.NativeErrorCode, Current);
    }

    /// <summary>Returns the name of an error number, such as EPIPE, or WSAECONNRESET on Windows; "errno 999" for an unknown number.</summary>
    public static string Name(int number, SocketPlatform platform)
    {
        foreach ((string name, int linux, int macOS, int windows) in Table)
        {
            if (number != 0 && number == platform switch { SocketPlatform.Linux => linux, SocketPlatform.MacOS => macOS, _ => windows })
                return platform != SocketPlatform.Windows ? name : name == "EAGAIN" ? "WSAEWOULDBLOCK" : "WSA" + name;
        }

        return string.Create(CultureInfo.InvariantCulture, $"errno {number}");
    }

    /// <summary>
    /// Returns the POSIX name for a name of <see cref="Name(int, SocketPlatform)"/>. Names of Winsock have three more letters at the beginning
    /// (winsock2.h).
    /// </summary>
    public static string Portable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith("WSA", StringComparison.Ordinal) ? name[3..] : name;
    }

    /// <summary>Returns the error number for a name of <see cref="Name(int, SocketPlatform)"/>; null if the platform has no such error.</summary>
    public static int? Number(string name, SocketPlatform platform)
    {
        foreach ((string _, int linux, int macOS, int windows) in Table)
        {
            int number = platform switch { SocketPlatform.Linux => linux, SocketPlatform.MacOS => macOS, _ => windows };
            if (number != 0 && Name(number, platform) == name)
                return number;
        }

        return null;
    }
}

using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab;

/// <summary>
/// Sets the expected result of a call. Kernels differ: the results of Linux were measured, those of Windows are partly documented. On macOS the
/// results are shown but not compared.
/// </summary>
internal static class Expectation
{
    /// <summary>A result that is not documented for Windows. It is shown there, but not compared.</summary>
    public const string Undocumented = "";

    /// <summary>
    /// The result of a write on Windows after the peer has closed. Winsock has no EPIPE. It returns one of two errors, depending on which events its
    /// stack has already processed.
    /// </summary>
    public const string WindowsPeerGone = "WSAECONNABORTED|WSAECONNRESET";

    /// <summary>Sets the expected result of the call; alternatives are separated by <c>|</c>.</summary>
    /// <param name="step">The call.</param>
    /// <param name="linux">The result on Linux.</param>
    /// <param name="windows">The result on Windows. If it is not given, it is the result on Linux with Winsock's name.</param>
    public static SocketStep Expect(this SocketStep step, string linux, string? windows = null)
    {
        string? expected = SocketErrors.Current switch
        {
            SocketPlatform.Linux => linux,
            SocketPlatform.Windows => windows ?? ToWindows(linux),
            _ => null,
        };
        step.Expected = string.IsNullOrEmpty(expected) ? null : expected;
        return step;
    }

    private static string ToWindows(string linux) => linux switch
    {
        "ok" or "EOF" or "blocks" => linux,
        "EPIPE" => WindowsPeerGone,
        _ => "WSA" + linux,
    };
}

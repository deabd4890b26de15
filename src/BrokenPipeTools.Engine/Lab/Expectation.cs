using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab;

/// <summary>
/// Sets the expected result of a call. The kernels differ: the results of Linux were measured, those of Windows are partly documented. On macOS the
/// calls are shown without a judgment.
/// </summary>
internal static class Expectation
{
    /// <summary>Not documented for Windows: the result is shown there, but not compared.</summary>
    public const string Undocumented = "";

    /// <summary>
    /// The result of writes on Windows after the peer has closed. Winsock has no EPIPE; it returns one of two errors, depending on the events that
    /// its stack has already processed.
    /// </summary>
    public const string WindowsPeerGone = "WSAECONNABORTED|WSAECONNRESET";

    /// <summary>Sets the expected result of the call; alternatives are separated by <c>|</c>.</summary>
    /// <param name="step">The call.</param>
    /// <param name="linux">The result on Linux.</param>
    /// <param name="windows">The result on Windows; if it is not given, the same one with Winsock's name.</param>
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

using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios;

/// <summary>
/// The expected result of a call. The kernels differ: the results of Linux were measured, those of Windows are documented in part. On macOS
/// the calls are shown and not judged.
/// </summary>
internal static class Expectation
{
    /// <summary>Not documented for Windows: shown there, but not compared.</summary>
    public const string Undocumented = "";

    /// <summary>The result of writes on Windows after the peer has closed: Winsock has no EPIPE; it is one of two errors, which depends on the events that the stack has processed.</summary>
    public const string WindowsPeerGone = "WSAECONNABORTED|WSAECONNRESET";

    /// <summary>Sets the expected result of the call; alternatives are separated by <c>|</c>.</summary>
    /// <param name="step">The call.</param>
    /// <param name="linux">On Linux.</param>
    /// <param name="windows">On Windows; if it is not given, the same with Winsock's name.</param>
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

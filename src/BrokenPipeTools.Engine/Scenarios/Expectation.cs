using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios;

/// <summary>
/// What a call must return. The kernels differ: what Linux does was observed, what Windows does is documented in part. On macOS
/// the calls are shown and not judged.
/// </summary>
internal static class Expectation
{
    /// <summary>Not documented for Windows: shown there, but not compared.</summary>
    public const string Undocumented = "";

    /// <summary>What writes on Windows after the peer is gone: there is no EPIPE in Winsock, and which of the two it is depends on what the stack had noticed.</summary>
    public const string WindowsPeerGone = "WSAECONNABORTED|WSAECONNRESET";

    /// <summary>Notes what the call must return; alternatives are separated by <c>|</c>.</summary>
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

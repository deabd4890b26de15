using System.Diagnostics;
using BrokenPipeTools.Cli.Commands;

namespace BrokenPipeTools.Testing.Processes;

/// <summary>
/// The command line that the tests start: the one that was built with them, or the published binary whose path is in the variable BROKENPIPE_BINARY.
/// </summary>
internal static class Brokenpipe
{
    private static readonly string? Published = Environment.GetEnvironmentVariable("BROKENPIPE_BINARY") is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>The file that must exist: the published binary, or an assembly.</summary>
    public static string File { get; } = Published ?? typeof(CloseCommand).Assembly.Location;

    /// <summary>The program and its first arguments. The arguments of the command follow them.</summary>
    public static string[] Words { get; } = Published is null ? ["dotnet", File] : [File];

    /// <summary>The process that runs it, with all three streams as pipes.</summary>
    public static ProcessStartInfo With(params string[] arguments) => new(Words[0], [.. Words[1..], .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}

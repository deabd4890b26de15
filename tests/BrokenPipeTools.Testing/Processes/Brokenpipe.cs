using System.Diagnostics;
using BrokenPipeTools.Cli.Commands;

namespace BrokenPipeTools.Testing.Processes;

/// <summary>
/// The command line that the tests start: the one built with them, or the published binary that the variable BROKENPIPE_BINARY names.
/// </summary>
internal static class Brokenpipe
{
    private static readonly string? Published = Environment.GetEnvironmentVariable("BROKENPIPE_BINARY") is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>The file that has to be there to run it: the published binary, or an assembly.</summary>
    public static string File { get; } = Published ?? typeof(CloseCommand).Assembly.Location;

    /// <summary>A program and its first arguments: the command's own arguments follow.</summary>
    public static string[] Words { get; } = Published is null ? ["dotnet", File] : [File];

    /// <summary>The process that runs it, with all three streams as pipes.</summary>
    public static ProcessStartInfo With(params string[] arguments) => new(Words[0], [.. Words[1..], .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}

using System.Globalization;

namespace BrokenPipeTools.Parameters;

/// <summary>
/// Completes network namespaces: those that ip-netns(8) has named, then one process of each other namespace, such as that of a container. The namespace
/// of this process is left out.
/// </summary>
public sealed class NetworkNamespaceCompleter : WordCompleter
{
    private const string Named = "/run/netns"; // man 8 ip-netns

    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => Files().Concat(Processes());

    private static IEnumerable<(string Word, string Tooltip)> Files()
    {
        try
        {
            return [.. Directory.EnumerateFiles(Named).Order(StringComparer.Ordinal).Select(path => (path, $"The namespace {Path.GetFileName(path)} of ip netns."))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // no namespace has a name, or this is not Linux: Tab must not cause an error
        }
    }

    private static IEnumerable<(string Word, string Tooltip)> Processes()
    {
        HashSet<string?> seen = [NamespaceOf("self")];
        return ProcessIdCompleter.Running()
            .Where(process => NamespaceOf(process.Id.ToString(CultureInfo.InvariantCulture)) is { } found && seen.Add(found))
            .Select(process => (process.Id.ToString(CultureInfo.InvariantCulture), $"The namespace of {process.Name}."));
    }

    /// <summary>Returns the identity of a process's network namespace, such as net:[4026531840] (man 7 namespaces); null if it cannot be read.</summary>
    private static string? NamespaceOf(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/net").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the process has ended, belongs to another user, or this is not Linux
        }
    }
}

using System.Management.Automation;
using BrokenPipeTools.Commands;

namespace BrokenPipeTools.Reading;

/// <summary>Finds the file for a path of the session.</summary>
internal static class SessionFile
{
    /// <summary>Resolves a path, without wildcards.</summary>
    /// <param name="session">The session.</param>
    /// <param name="path">The path.</param>
    /// <param name="kind">The kind of file for the reason, such as a summary.</param>
    /// <param name="fail">Makes the exception from the reason, for a path that does not lead to a file.</param>
    public static string Resolve(SessionState session, string path, string kind, Func<string, Exception?, Exception> fail)
    {
        try
        {
            string file = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == CapturePaths.FileSystem ? file : throw fail($"a path of the {provider.Name} provider; {kind} is a file", null);
        }
        catch (Exception e) when (e is SessionStateException or ProviderInvocationException)
        {
            throw fail(e.Message, e);
        }
    }
}

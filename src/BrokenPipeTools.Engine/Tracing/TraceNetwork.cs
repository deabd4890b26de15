using System.Runtime.Versioning;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>Finds the network namespace that a trace is limited to.</summary>
[SupportedOSPlatform("linux")]
internal static class TraceNetwork
{
    /// <summary>Opens the requested namespace. Returns null if it is this process's own.</summary>
    /// <exception cref="TraceException">The namespace does not exist, or cannot be opened.</exception>
    public static NetworkNamespace? Open(string? asked) => Guarded(asked, () => NetworkNamespace.OpenUnlessOwn(asked));

    /// <summary>Returns the kernel's name for the requested namespace, such as net:[4026531840]; null if no namespace was requested.</summary>
    /// <exception cref="TraceException">The namespace does not exist, or cannot be opened.</exception>
    public static string? IdentityOf(string? asked)
    {
        if (string.IsNullOrEmpty(asked))
            return null;
        using NetworkNamespace? place = Open(asked);
        return place is null ? NetworkNamespace.IdentityOf(Environment.ProcessId) : place.Identity;
    }

    /// <summary>Runs a call. If the call fails, the exception names the problem of the requested namespace.</summary>
    public static T Guarded<T>(string? asked, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (NetworkNamespaceException e)
        {
            TraceProblemId id = e.Fault switch
            {
                NetworkNamespaceFault.NotFound => TraceProblemId.NetworkNamespaceNotFound,
                NetworkNamespaceFault.AccessDenied => TraceProblemId.NetworkNamespaceAccessDenied,
                _ => TraceProblemId.NetworkNamespaceInvalid,
            };
            throw new TraceException(id, $"{asked}: {e.Problem}", e);
        }
    }
}

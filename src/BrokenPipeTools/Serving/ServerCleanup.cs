using System.Management.Automation;

namespace BrokenPipeTools.Serving;

/// <summary>Remove-Module stops the servers: without the module, no cmdlet could.</summary>
public sealed class ServerCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => ServerRegistry.StopOfThisRunspace();
}

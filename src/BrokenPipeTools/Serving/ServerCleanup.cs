using System.Management.Automation;

namespace BrokenPipeTools.Serving;

/// <summary>Stops the servers at Remove-Module, because no cmdlet could stop them after that.</summary>
public sealed class ServerCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => ServerRegistry.StopOfThisRunspace();
}

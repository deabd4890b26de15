using System.Management.Automation;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Serving;

namespace BrokenPipeTools.Commands;

/// <summary>Writes the misbehaving servers that run in this process.</summary>
[Cmdlet(VerbsCommon.Get, "BrokenPipeServer")]
[OutputType(typeof(BrokenPipeServer))]
public sealed class GetBrokenPipeServerCommand : DisplayCmdlet
{
    /// <summary>The ids of servers; all servers if none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ServerIdCompleter))]
    public int[]? Id { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Id is null)
        {
            WriteObject(ServerRegistry.Running, enumerateCollection: true);
            return;
        }

        foreach (int id in Id)
        {
            if (ServerRegistry.Find(id) is { } server)
                WriteObject(server);
            else
                WriteError(ErrorRecords.ServerNotFound(id));
        }
    }
}

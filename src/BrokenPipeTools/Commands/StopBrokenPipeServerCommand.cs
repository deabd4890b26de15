using System.Management.Automation;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Serving;

namespace BrokenPipeTools.Commands;

/// <summary>Stops misbehaving servers and closes their connections immediately.</summary>
[Cmdlet(VerbsLifecycle.Stop, "BrokenPipeServer", DefaultParameterSetName = IdSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(BrokenPipeServer))]
public sealed class StopBrokenPipeServerCommand : DisplayCmdlet
{
    private const string IdSet = "Id";
    private const string InputObjectSet = "InputObject";

    /// <summary>The servers' ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = IdSet)]
    [ArgumentCompleter(typeof(ServerIdCompleter))]
    public int[] Id { get; set; } = [];

    /// <summary>The servers, as Start-BrokenPipeServer and Get-BrokenPipeServer write them.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public BrokenPipeServer[] InputObject { get; set; } = [];

    /// <summary>Returns the stopped servers. Their logs can still be read.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (BrokenPipeServer server in ParameterSetName == IdSet ? Named() : InputObject)
        {
            if (!server.IsRunning)
                WriteVerbose($"Server {server.Id} has stopped already.");
            else if (ShouldProcess($"{server.Id}: {server}", "Stop"))
                ServerRegistry.Stop(server);
            else
                continue;
            if (PassThru)
                WriteObject(server);
        }
    }

    private IEnumerable<BrokenPipeServer> Named()
    {
        foreach (int id in Id)
        {
            if (ServerRegistry.Find(id) is { } server)
                yield return server;
            else
                WriteError(ErrorRecords.ServerNotFound(id));
        }
    }
}

using System.Management.Automation;

namespace BrokenPipeTools.Help.Tests;

/// <summary>A cmdlet with a parameter of each kind, to make help for.</summary>
[Cmdlet(VerbsCommon.Get, "Sample", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(Version))]
public sealed class SampleCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Name", ValueFromPipeline = true)]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "Id", ValueFromPipelineByPropertyName = true)]
    [Alias("Number", "No")]
    public int Id { get; set; }

    [Parameter]
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(90);

    [Parameter]
    public string[] Kind { get; set; } = ["One", "Two"];

    [Parameter]
    public double Ratio { get; set; } = 0.5;

    [Parameter]
    public int? Limit { get; set; }

    [Parameter]
    public int Start { get; set; }

    [Parameter]
    [PSDefaultValue(Value = 0)]
    public int Port { get; set; }

    [Parameter]
    public SwitchParameter All { get; set; }
}

/// <summary>A cmdlet without parameters.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Sample")]
[OutputType(typeof(void))]
public sealed class StopSampleCommand : PSCmdlet;

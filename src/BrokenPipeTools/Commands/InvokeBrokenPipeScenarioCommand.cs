using System.Management.Automation;
using BrokenPipeTools.Bridging;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Running;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Commands;

/// <summary>Runs scenarios with real sockets, and writes a <see cref="ScenarioResult"/> for each as soon as it is complete.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "BrokenPipeScenario", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = CaptureSet)]
[OutputType(typeof(ScenarioResult))]
public sealed class InvokeBrokenPipeScenarioCommand : DisplayCmdlet, IDisposable
{
    private const string CaptureSet = "Capture";
    private const string NoCaptureSet = "NoCapture";

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _lacks = [];
    private KeptCaptures _captures = null!;
    private RunningProgress _progress = null!;
    private ScenarioTrace? _trace;

    /// <summary>
    /// The names of scenarios, with or without wildcards. If it is not given, all scenarios run that need no privilege and can run on this machine.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ScenarioNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Uses IPv6 in place of IPv4.</summary>
    [Parameter]
    public SwitchParameter IPv6 { get; set; }

    /// <summary>The folder to which the packets of each scenario are written.</summary>
    [Parameter(ParameterSetName = CaptureSet)]
    [ValidateNotNullOrEmpty]
    public string? CapturePath { get; set; }

    /// <summary>Does not capture the packets.</summary>
    [Parameter(ParameterSetName = NoCaptureSet, Mandatory = true)]
    public SwitchParameter NoCapture { get; set; }

    /// <summary>Disposes of the cancellation. (Each scenario removes everything that it made when it ends.)</summary>
    public void Dispose()
    {
        _trace?.Dispose();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _captures = new KeptCaptures(CapturePath is null ? null : ResolveFolder(CapturePath), WriteError, WriteWarning);
        _progress = new RunningProgress(WriteProgress, MyInvocation.ExpectingInput);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Scenario[] chosen = [.. ScenarioNames.Resolve(Name, name => WriteError(ErrorRecords.ScenarioNotFound(name))).Where(CanPlay)];
        for (int i = 0; i < chosen.Length; i++)
        {
            _progress.Show(chosen[i].Name, i, chosen.Length);
            if (ShouldProcess(chosen[i].Name, chosen[i].Effect))
                Run(chosen[i]);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _progress.Complete();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet ended at the same moment, and has disposed of the cancellation.
        }
    }

    /// <summary>
    /// Returns whether a scenario can run. Warns about each skipped scenario if the user has named it; otherwise only if almost all scenarios are
    /// skipped.
    /// </summary>
    private bool CanPlay(Scenario scenario)
    {
        if (Name is null && scenario.Needs.HasFlag(ScenarioNeeds.Root))
            return false;
        if (scenario.Missing(IPv6) is not { } missing)
            return true;
        if (Name is not null)
            WriteWarning($"{scenario.Name} is skipped: {missing}");
        else if (scenario.Needs == ScenarioNeeds.None && _lacks.Add(missing))
            WriteWarning($"{scenario.Name} and others are skipped: {missing}");
        else
            WriteVerbose($"{scenario.Name} is skipped: {missing}");
        return false;
    }

    private void Run(Scenario scenario)
    {
        _trace ??= ScenarioTrace.Start();
        ScenarioOptions options = new() { IPv6 = IPv6, Trace = _trace, CaptureLibrary = NoCapture ? null : SessionCaptureLibrary.Instance, CapturePath = _captures.Folder, CaptureFailed = _captures.Fail };
        ScenarioResult result;
        try
        {
            result = ScenarioRunner.Run(scenario, options, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        foreach (SocketStep step in result.Steps)
            WriteVerbose($"{scenario.Name}: {step}");
        _captures.WarnOnce(result);
        WriteObject(result);
    }

    private string? ResolveFolder(string path)
    {
        try
        {
            string folder = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (provider.Name == CapturePaths.FileSystem)
            {
                if (CaptureFolder.ProblemOf(folder) is { } problem)
                    ThrowTerminatingError(ErrorRecords.CapturePathNotFolder(path, problem));
                return folder;
            }

            WriteError(ErrorRecords.NotFileSystemPath(path, provider.Name));
        }
        catch (Exception e) when (e is SessionStateException or ProviderInvocationException)
        {
            WriteError(ErrorRecords.CaptureWriteFailed(path, e));
        }

        return null;
    }
}

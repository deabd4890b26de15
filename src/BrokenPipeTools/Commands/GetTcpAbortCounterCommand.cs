using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reading;

namespace BrokenPipeTools.Commands;

/// <summary>Lists the Linux kernel's counters of aborts, overflows, drops and memory pressure: their values, or their changes over a time.</summary>
[Cmdlet(VerbsCommon.Get, "TcpAbortCounter", DefaultParameterSetName = ValueSet)]
[OutputType(typeof(TcpAbortCounter))]
public sealed class GetTcpAbortCounterCommand : DisplayCmdlet, IDisposable
{
    private const string ValueSet = "Value";
    private const string DurationSet = "Duration";
    private const string ScriptBlockSet = "ScriptBlock";
    private const string ErrorsOnly = ". $args[0] 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }";
    private const double LongestTime = 7 * 86_400;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _stop = new();

    /// <summary>The names of counters, with or without wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ValueSet)]
    [Parameter(Position = 0, ParameterSetName = DurationSet)]
    [NotScriptBlock]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CounterNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The time between the two readings of the counters. A plain number means seconds.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DurationSet)]
    [Seconds]
    [ValidateSeconds(0, LongestTime)]
    public TimeSpan Duration { get; set; }

    /// <summary>A script that runs between the two readings of the counters.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ScriptBlockSet)]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>The network namespace of the counters: the id of a process in it, or its path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNamespaceCompleter))]
    public string? NetworkNamespace { get; set; }

    /// <summary>Lists every counter of TCP, also those that did not change, and those without a description.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Disposes the wait.</summary>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            using TcpCounterSource source = TcpCounterSource.Open(NetworkNamespace);
            TcpCounterReading now = source.Read();
            if (ParameterSetName == ValueSet)
            {
                Write(now.List());
                return;
            }

            Exception? failure = ParameterSetName == DurationSet ? Wait() : Run();
            Write(source.Read().List(now));
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure); // the counters are also written if the script has failed
        }
        catch (CounterException e)
        {
            ThrowTerminatingError(e.ToErrorRecord(NetworkNamespace));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Set();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet ended at the same moment, and has disposed of the cancellation.
        }
    }

    private void Write(IReadOnlyList<TcpAbortCounter> counters)
    {
        if (Name is null)
        {
            WriteObject(counters.Where(counter => All || counter.IsNotable()), enumerateCollection: true);
            return;
        }

        WriteObject(counters.Where(counter => Name.Any(pattern => NamePattern.Matches(pattern, counter.Name))), enumerateCollection: true);
        foreach (string name in Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !counters.Any(counter => NamePattern.Matches(name, counter.Name))))
            WriteError(ErrorRecords.CounterNotFound(name));
    }

    /// <summary>Waits until the time is over. The first Ctrl+C in a console only ends the wait, and the changes until then are written.</summary>
    private Exception? Wait()
    {
        using IDisposable? key = ConsoleStopKey.Watch(Host, _stop.Set);
        Stopwatch clock = Stopwatch.StartNew();
        ProgressRecord progress = new(0, "Counting", $"{Duration.TotalSeconds:0.###} s");
        while (Duration - clock.Elapsed is { Ticks: > 0 } left && !_stop.Wait(left < Pause ? left : Pause))
        {
            progress.PercentComplete = (int)Math.Min(100, clock.Elapsed / Duration * 100);
            progress.SecondsRemaining = (int)Math.Max(0, (Duration - clock.Elapsed).TotalSeconds);
            WriteProgress(progress);
        }

        progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(progress);
        return null;
    }

    /// <summary>
    /// Runs the script as Measure-Command does: in the caller's scope, without its output. Errors of the script are errors of the cmdlet. Returns the
    /// exception that ended the script; null if there was none.
    /// </summary>
    private RuntimeException? Run()
    {
        try
        {
            foreach (PSObject error in InvokeCommand.InvokeScript(ErrorsOnly, useNewScope: false, PipelineResultTypes.None, input: null, ScriptBlock))
                WriteError((ErrorRecord)error.BaseObject);
            return null;
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            return e;
        }
    }
}

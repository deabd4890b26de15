using System.Globalization;
using System.Management.Automation;
using System.Net.NetworkInformation;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Parameters;

namespace BrokenPipeTools.Commands;

/// <summary>Lists open TCP sockets of Linux: their programs, their unread and unsent bytes, and the results of their next read and write.</summary>
[Cmdlet(VerbsCommon.Get, "TcpSocket")]
[OutputType(typeof(TcpSocket))]
public sealed class GetTcpSocketCommand : DisplayCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The names of processes, with or without wildcards.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SocketProcessCompleter))]
    public string[] ProcessName { get; set; } = [];

    /// <summary>The ids of processes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ValidateRange(1, int.MaxValue)]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int[] ProcessId { get; set; } = [];

    /// <summary>The states of sockets, with or without wildcards.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ValidateEnumName(typeof(TcpState), "state", Wildcards = true)]
    [ArgumentCompleter(typeof(TcpStateCompleter))]
    public string[] State { get; set; } = [];

    /// <summary>The ports to select, at either end.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0, ushort.MaxValue)]
    public int[] Port { get; set; } = [];

    /// <summary>The network namespace of the sockets: the id of a process in it, or its path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNamespaceCompleter))]
    public string? NetworkNamespace { get; set; }

    /// <summary>Releases the cancellation.</summary>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            TcpSocketSource source = new()
            {
                NetworkNamespace = NetworkNamespace,
                IsWanted = ProcessName.Length + ProcessId.Length == 0 ? null : IsWanted,
                States = NamePattern.Values<TcpState>(State),
                Ports = Port,
            };
            WriteObject(source.List(_stop.Token), enumerateCollection: true);
            if (source.Hidden is { } hidden)
                WriteVerbose(hidden);
        }
        catch (TcpSocketException e)
        {
            ThrowTerminatingError(e.ToErrorRecord(NetworkNamespace));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

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

    private bool IsWanted(int id, string name) => ProcessId.Contains(id) || ProcessName.Any(pattern => NamePattern.Matches(pattern, name));
}

using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// Finds the names of processes. The name of a process is read when it starts its program, because a process that SIGPIPE kills has ended before its
/// failure can be read. The names of running processes are read at the start of the trace.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class ProcessTable
{
    private const int MostProcesses = 32_768;

    /// <summary>
    /// The inode of the first PID namespace (PROC_PID_INIT_INO, include/linux/proc_ns.h). If this process is in another PID namespace, the ids in
    /// /proc are not the ids in the trace.
    /// </summary>
    private const string FirstNamespace = "pid:[4026531836]";

    private readonly BoundedTable<int, ProcessInfo> _processes = new(MostProcesses);
    private readonly BoundedTable<int, int> _processOfThread = new(MostProcesses);
    private readonly BoundedTable<int, ThreadExit> _exits = new(MostProcesses);
    private readonly BoundedTable<int, long> _listeners = new(MostProcesses);
    private readonly BoundedTable<int, SignalSent> _signals = new(MostProcesses);
    private readonly string? _traceRoot;

    /// <summary>Makes a table for recorded events. It contains only the processes that are added.</summary>
    public ProcessTable()
    {
    }

    /// <summary>Makes a table that contains the running processes.</summary>
    /// <param name="traceRoot">The root of tracefs.</param>
    public ProcessTable(string traceRoot)
    {
        _traceRoot = traceRoot;
        SeesAll = new FileInfo("/proc/self/ns/pid").LinkTarget == FirstNamespace;
        if (!SeesAll)
            return;
        foreach (string folder in Directory.EnumerateDirectories("/proc").Take(MostProcesses))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                Read(id);
        }
    }

    /// <summary>Whether the process ids in the trace are the ids in this process's /proc.</summary>
    public bool SeesAll { get; }

    /// <summary>Adds a process.</summary>
    public void Add(ProcessInfo process) => _processes.Set(process.Id, process);

    /// <summary>Notes that a process executes another program.</summary>
    public void Start(ProgramStart start)
    {
        _processOfThread.Set(start.Process, start.Process);
        if (!SeesAll || Read(start.Process) is null)
            _processes.Set(start.Process, new ProcessInfo(start.Process, NameOf(start.FileName), start.FileName.Length > 0 ? start.FileName : null, null));
    }

    /// <summary>Notes the exit of a thread.</summary>
    public void Exit(ThreadExit exit) => _exits.Set(exit.ExitingThread, exit);

    /// <summary>Notes a signal that may end its target.</summary>
    public void Signal(SignalSent signal) => _signals.Set(signal.Target, signal);

    /// <summary>Notes that a thread closes a listening socket. The connections in the socket's queue are then reset.</summary>
    public void CloseListener(EventOrigin origin) => _listeners.Set(origin.Thread, origin.Time);

    /// <summary>Checks whether a thread closed a listening socket in the millisecond before a time.</summary>
    public bool HasClosedListener(int thread, long time) => _listeners.TryGet(thread, out long closed) && time >= closed && time - closed < Nanoseconds.From(TimeSpan.FromMilliseconds(1));

    /// <summary>Returns the exit of a thread before a time; null if the thread was not exiting by then.</summary>
    public ThreadExit? ExitOf(int thread, long before) => _exits.TryGet(thread, out ThreadExit? exit) && exit.Origin.Time <= before ? exit : null;

    /// <summary>Returns the signal that a process got shortly before a time; null if it got none.</summary>
    public SignalSent? SignalTo(int process, long before, TimeSpan within) =>
        _signals.TryGet(process, out SignalSent? signal) && signal.Origin.Time <= before && before - signal.Origin.Time < Nanoseconds.From(within) ? signal : null;

    /// <summary>Finds the process of a thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="name">The name of the thread, if an event contains it.</param>
    public ProcessInfo Of(int thread, string? name = null)
    {
        string? status = SeesAll ? TraceFile.TryRead($"/proc/{thread}/status") : null;
        if (status is not null && Group().Match(status) is { Success: true } group && int.TryParse(group.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
        {
            _processOfThread.Set(thread, process);
            if (!_exits.TryGet(process, out _) && Read(process) is { } live)
                return live;
        }
        else
        {
            process = _processOfThread.TryGet(thread, out int known) ? known : Saved("saved_tgids", thread) is { } saved && int.TryParse(saved, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id > 0 ? id : thread;
        }

        if (_processes.TryGet(process, out ProcessInfo? earlier))
            return earlier;
        ProcessInfo gone = new(process, name ?? _exits.GetOrNull(process)?.Name ?? _exits.GetOrNull(thread)?.Name ?? Saved("saved_cmdlines", process) ?? Saved("saved_cmdlines", thread), null, null);
        _processes.Set(process, gone);
        return gone;
    }

    private static string? NameOf(string path)
    {
        const int LongestName = 15; // TASK_COMM_LEN - 1
        string name = Path.GetFileName(path);
        return name.Length == 0 ? null : name[..Math.Min(LongestName, name.Length)];
    }

    /// <summary>Reads a running process. Returns null if no process has this id.</summary>
    private ProcessInfo? Read(int id)
    {
        if (ProcessFiles.Read(id) is not { } info)
            return null;
        if (info.CommandLine is null && _processes.TryGet(id, out ProcessInfo? earlier) && earlier.Name == info.Name)
            return earlier; // a process that exits no longer has a command line
        _processes.Set(id, info);
        return info;
    }

    /// <summary>Searches for a thread in a list of the kernel, which has one ID VALUE per line.</summary>
    private string? Saved(string list, int thread)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"{thread} ");
        string? text = _traceRoot is null ? null : TraceFile.TryRead(Path.Combine(_traceRoot, list));
        return text?.Split('\n').FirstOrDefault(line => line.StartsWith(head, StringComparison.Ordinal))?[head.Length..].Trim() is { } value && value != "<...>" ? value : null;
    }

    [GeneratedRegex(@"^Tgid:\s*(\d+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Group();
}

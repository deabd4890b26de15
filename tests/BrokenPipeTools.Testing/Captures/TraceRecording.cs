using System.IO.Compression;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Testing.Captures;

/// <summary>Pages of the kernel's ring buffer, with the formats of their events. They were recorded once as root; tests read them without root.</summary>
[SupportedOSPlatform("linux")]
internal sealed record TraceRecording(string Layout, IReadOnlyList<(string Name, string Format)> Formats, IReadOnlyList<byte[]> Pages, int Process)
{
    /// <summary>The recording that ships with the tests: pages of Linux 6.18.</summary>
    public static string Shipped { get; } = System.IO.Path.Combine(RepositoryFiles.Captures, "kernel-trace-6.18.bin.gz");

    /// <summary>The starts and exits of programs. Those of other programs are not recorded, because they contain names from the machine.</summary>
    private static readonly string[] Private = ["sched/sched_process_exec", "sched/sched_process_exit"];

    /// <summary>Records the events during an action.</summary>
    public static TraceRecording Record(Action action)
    {
        using TraceFileSystem files = TraceFileSystem.Open();
        using TraceInstance instance = TraceInstance.Create(files.Root, 256);
        List<(string, string)> formats = [];
        foreach ((string name, string? filter) in TraceEvents.Calls.Concat(TraceEvents.Sockets.Select(one => (one.Name, one.Filter))).Where(one => !Private.Contains(one.Name)))
        {
            formats.Add((name, TraceFile.Read(Path.Combine(files.Root, "events", name, "format"))));
            instance.Enable(name, name.StartsWith("signal", StringComparison.Ordinal) ? "sig==13" : filter);
        }

        action();
        Thread.Sleep(50);
        List<byte[]> pages = [];
        foreach (string path in instance.Pipes)
        {
            using PagePipe pipe = PagePipe.Open(path);
            byte[] page = new byte[PageLayout.Common.PageSize];
            while (pipe.Read(page) > 0)
                pages.Add([.. page]);
        }

        return new TraceRecording(TraceFile.Read(Path.Combine(files.Root, "events", "header_page")), formats, pages, Environment.ProcessId);
    }

    public static TraceRecording Load(string path)
    {
        using BinaryReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        int process = reader.ReadInt32();
        string layout = reader.ReadString();
        (string, string)[] formats = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => (reader.ReadString(), reader.ReadString()))];
        byte[][] pages = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadBytes(reader.ReadInt32()))];
        return new TraceRecording(layout, formats, pages, process);
    }

    public void Save(string path)
    {
        using BinaryWriter writer = new(new GZipStream(File.Create(path), CompressionLevel.SmallestSize));
        writer.Write(Process);
        writer.Write(Layout);
        writer.Write(Formats.Count);
        foreach ((string name, string format) in Formats)
        {
            writer.Write(name);
            writer.Write(format);
        }

        writer.Write(Pages.Count);
        foreach (byte[] page in Pages)
        {
            writer.Write(page.Length);
            writer.Write(page);
        }
    }

    /// <summary>Reads the pages as a trace does. Damaged pages give fewer events, and never an exception.</summary>
    public IReadOnlyList<KernelEvent> Events() => Events(out _);

    /// <summary>Reads the pages, and also returns how many events and pages are missing.</summary>
    public IReadOnlyList<KernelEvent> Events(out long lost)
    {
        EventDecoder decoder = new();
        foreach ((string name, string format) in Formats)
        {
            if (EventFormat.Parse(format) is { } parsed)
                decoder.Add(name, parsed);
        }

        EventPages pages = new(PageLayout.Parse(Layout), decoder);
        foreach (byte[] page in Pages)
            pages.Add(page);
        lost = pages.Lost;
        return pages.Take(long.MaxValue);
    }

    /// <summary>Makes the records of failed calls of the recorded process.</summary>
    public IReadOnlyList<TracedFailure> Failures()
    {
        ProcessTable processes = new();
        TraceState state = new(processes, includeClosed: true);
        foreach (KernelEvent one in Events())
        {
            if (one is SocketCall)
                processes.Add(new ProcessInfo(one.Origin.Thread, "program", "program --serve", null));
            state.Add(one);
        }

        TracedFailureBuilder builder = new(state, []);
        return [.. state.Take(long.MaxValue).Select(call => builder.Build(call, DateTime.UnixEpoch)).OfType<TracedFailure>()];
    }
}

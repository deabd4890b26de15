using System.Globalization;
using BenchmarkDotNet.Running;

namespace BrokenPipeTools.Benchmarks;

internal static class Program
{
    private const int Success = 0;
    private const int Incomplete = 1;
    private const int WrongUsage = 2;

    private const string Usage = """
        compare  [--connections 1000000] [--folder DIR] [--runs 3] [--command PATH]
                                                                     our command beside tcpdump, capinfos, tshark, tcptrace, argus, SharpPcap
        scale    [the same options]                                  how the time grows: connections, cores, compression, files, processes
        live     [--folder DIR] [--command PATH]                     frames lost live beside tcpdump, at 100,000 to 400,000 a second (root)
        generate [--connections 1000000] --folder DIR                the capture alone
        memory                                                       bytes of an open connection, with 10,000 to 1,000,000 of them open
        bench    [BenchmarkDotNet's options]                         the stages of the hot path
        agree    FILE                                                our decoded fields beside PacketDotNet's

        --command measures another build of brokenpipe, a published one for example, in place of the one built here.
        Without --folder the captures are made in a temporary folder and deleted afterward; in a folder given they are kept and used again.
        Exit code 0; 1 where a measurement failed, a peer is missing or fields differ; 2 for wrong usage.
        """;

    private static int Main(string[] args)
    {
        try
        {
            return args switch
            {
                ["compare", .. string[] rest] => InFolder(Options.Parse(rest), (options, folder) => new Comparison(folder, options.Runs, options.Command).Run(options.Connections)),
                ["scale", .. string[] rest] => InFolder(Options.Parse(rest), (options, folder) => new Scale(folder, options.Runs, options.Command ?? Comparison.Built).Run(options.Connections)),
                ["live", .. string[] rest] => InFolder(Options.Parse(rest), (options, folder) =>
                {
                    new LiveLoss(folder, options.Command ?? Comparison.Built).Run();
                    return true;
                }),
                ["memory"] => OpenConnections.Print(),
                ["generate", .. string[] rest] => Generate(Options.Parse(rest)),
                ["bench", .. string[] rest] => BenchmarkRunner.Run<HotPathBenchmarks>(args: rest).Reports is { Length: > 0 } reports && reports.All(r => r.Success) ? Success : Incomplete,
                ["agree", string file] => SharpPcapPeer.Agree(file),
                ["sharppcap", string file] => SharpPcapPeer.Decode(file),
                _ => throw new ArgumentException("which command?"),
            };
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{Usage}");
            return WrongUsage;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return Incomplete;
        }
    }

    /// <summary>Measures in the given folder, or in a temporary one.</summary>
    private static int InFolder(Options options, Func<Options, string, bool> measure)
    {
#if DEBUG
        throw new ArgumentException("build with -c Release: the time of a debug build means nothing");
#else
        if (options.Folder is not null)
            return measure(options, options.Folder) ? Success : Incomplete;
        string folder = Directory.CreateTempSubdirectory("brokenpipe-bench-").FullName;
        try
        {
            return measure(options, folder) ? Success : Incomplete;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
#endif
    }

    private static int Generate(Options options)
    {
        string folder = options.Folder ?? throw new ArgumentException("generate wants --folder");
        GeneratedCapture capture = CaptureGenerator.Provide(folder, options.Connections);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{capture.Path}: {capture.Connections:N0} connections, {capture.Packets:N0} packets, {capture.Bytes:N0} bytes"));
        return Success;
    }

    private sealed record Options(int Connections, string? Folder, int Runs, string? Command)
    {
        public static Options Parse(string[] args)
        {
            Options options = new(Connections: 1_000_000, Folder: null, Runs: 3, Command: null);
            for (int i = 0; i < args.Length; i += 2)
            {
                string value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} wants a value");
                options = args[i] switch
                {
                    "--connections" => options with { Connections = Count(args[i], value) },
                    "--folder" => options with { Folder = value },
                    "--command" => options with { Command = Path.GetFullPath(value) },
                    "--runs" => options with { Runs = Count(args[i], value) },
                    _ => throw new ArgumentException($"unknown option {args[i]}"),
                };
            }

            return options;
        }

        private static int Count(string option, string value) =>
            int.TryParse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int count) && count > 0
                ? count
                : throw new ArgumentException($"{option} wants a positive number");
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BrokenPipeTools.Benchmarks;

/// <summary>
/// Measures how many frames live analysis and tcpdump lose, in turns. tcpreplay sends a generated capture at a given rate through a veth pair between
/// two network namespaces, which are made and removed here. Needs root, tcpreplay, tcpdump and ip.
/// </summary>
internal sealed partial class LiveLoss(string folder, string command)
{
    private const string Sending = "brokenpipe-bench-send";
    private const string Receiving = "brokenpipe-bench-recv";
    private const int Seconds = 10;

    private static readonly int[] Rates = [100_000, 200_000, 400_000];

    /// <summary>Measures both programs at each rate, and prints a table.</summary>
    public void Run()
    {
        Remove();
        Ip("netns", "add", Sending);
        Ip("netns", "add", Receiving);
        try
        {
            Ip("link", "add", "veth-tx", "netns", Sending, "type", "veth", "peer", "name", "veth-rx", "netns", Receiving);
            foreach ((string space, string device) in (ReadOnlySpan<(string, string)>)[(Sending, "veth-tx"), (Receiving, "veth-rx")])
            {
                Run("ip", "netns", "exec", space, "sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1");
                Ip("-n", space, "link", "set", device, "up", "mtu", "9000");
            }

            Console.WriteLine("| frames/s wanted | sent | frames | by | lost | CPU s |\n|--:|--:|--:|---|--:|--:|");
            foreach (int rate in Rates)
            {
                GeneratedCapture capture = CaptureGenerator.Provide(folder, rate * Seconds / 10); // about ten packets per connection
                Print(rate, capture, "brokenpipe close -i", [command, "close", "-i", "veth-rx", "--format", "csv"], output => Packets(output));
                Print(rate, capture, "tcpdump -w", ["tcpdump", "-i", "veth-rx", "-w", "/dev/null", "tcp"], output => long.Parse(Captured().Match(output).Groups[1].Value, CultureInfo.InvariantCulture));
            }
        }
        finally
        {
            Remove();
        }
    }

    private static void Print(int rate, GeneratedCapture capture, string title, string[] receiver, Func<string, long> received)
    {
        using Process receiving = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", Receiving, .. receiver]) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException("ip did not start");
        Task<string> output = receiving.StandardOutput.ReadToEndAsync();
        Task<string> errors = receiving.StandardError.ReadToEndAsync();
        Thread.Sleep(1500); // so that the capture has begun
        string report = Run("ip", "netns", "exec", Sending, "tcpreplay", "-q", "--preload-pcap", "-i", "veth-tx", $"--pps={rate}", capture.Path);
        Thread.Sleep(1500); // so that the rest of the kernel's buffer is read
        TimeSpan processor = receiving.TotalProcessorTime;
        Run("kill", "-INT", receiving.Id.ToString(CultureInfo.InvariantCulture));
        receiving.WaitForExit();
        long seen = received(output.Result + errors.Result);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {rate:N0} | {Rate().Match(report).Groups[1].Value} | {capture.Packets:N0} | {title} | {capture.Packets - seen:N0} | {processor.TotalSeconds:0.0} |"));
    }

    /// <summary>Returns the sum of the column Packets over all records.</summary>
    private static long Packets(string csv)
    {
        string[] lines = csv.Split('\n');
        int column = Array.IndexOf(lines[0].Split(','), "Packets");
        return lines.Skip(1).Where(line => line.Length > 0 && !line.StartsWith("brokenpipe:", StringComparison.Ordinal)).Sum(line => long.Parse(line.Split(',')[column], CultureInfo.InvariantCulture));
    }

    private static void Remove()
    {
        foreach (string space in (ReadOnlySpan<string>)[Sending, Receiving])
        {
            if (File.Exists($"/run/netns/{space}"))
                Ip("netns", "delete", space);
        }
    }

    private static void Ip(params string[] arguments) => Run("ip", arguments);

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException($"{program} did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output + errors.Result : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Result}");
    }

    [GeneratedRegex(@"(\d+) packets captured")]
    private static partial Regex Captured();

    [GeneratedRegex(@"Rated: .*, ([\d.]+) pps")]
    private static partial Regex Rate();
}

using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary><c>brokenpipe interfaces</c>: what can be captured on.</summary>
internal static class InterfacesCommand
{
    private const int Success = 0;
    private const int Failed = 1;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        Option<OutputFormat> format = new("--format", "-f") { Description = "table, list, json (one object a line) or csv", DefaultValueFactory = _ => OutputFormat.Table };
        Command command = new("interfaces", "Lists the interfaces that can be captured on.") { format };
        command.SetAction(result => Run(result.GetValue(format)));
        return command;
    }

    private static int Run(OutputFormat format)
    {
        try
        {
            Print(PcapInterface.GetAll(), format);
            return Success;
        }
        catch (LiveCaptureException e)
        {
            CaptureProblem problem = CaptureProblem.From(e, "")!;
            Console.Error.WriteLine($"brokenpipe: {problem.Id}: {problem.Message}");
            return Failed;
        }
        catch (IOException)
        {
            return Success; // whoever reads our output has seen enough
        }
    }

    private static void Print(IReadOnlyList<PcapInterface> interfaces, OutputFormat format)
    {
        if (format == OutputFormat.Csv)
            Console.WriteLine("Name,Description,Addresses,IsLoopback,IsUp,IsRunning,IsWireless");
        int width = interfaces.Select(i => i.Name.Length).DefaultIfEmpty(0).Max();
        foreach (PcapInterface i in interfaces)
        {
            string addresses = string.Join(' ', i.Addresses);
            Console.WriteLine(format switch
            {
                OutputFormat.Json => JsonSerializer.Serialize(new { i.Name, i.Description, Addresses = i.Addresses.Select(a => a.ToString()), i.IsLoopback, i.IsUp, i.IsRunning, i.IsWireless }, Plain),
                OutputFormat.Csv => $"{Quoted(i.Name)},{Quoted(i.Description)},{Quoted(addresses)},{i.IsLoopback},{i.IsUp},{i.IsRunning},{i.IsWireless}",
                OutputFormat.List => $"Name        : {i.Name}\nDescription : {i.Description}\nAddresses   : {addresses}\nIsLoopback  : {i.IsLoopback}\nIsUp        : {i.IsUp}\nIsRunning   : {i.IsRunning}\nIsWireless  : {i.IsWireless}\n",
                _ => $"{i.Name.PadRight(width)} {(i.IsUp ? "up  " : "down")} {addresses}{(addresses.Length > 0 && i.Description.Length > 0 ? "  " : "")}{i.Description}".TrimEnd(),
            });
        }
    }

    /// <summary>RFC 4180, section 2.</summary>
    private static string Quoted(string value) =>
        value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

using System.CommandLine;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;

namespace BrokenPipeTools.Cli.Commands;

/// <summary><c>brokenpipe interfaces</c>: lists the interfaces for a live capture.</summary>
internal static class InterfacesCommand
{
    private const int Success = 0;
    private const int Failed = 1;

    public static Command Create()
    {
        Option<OutputFormat> format = FormatOption.Create();
        Command command = new("interfaces", "Lists the interfaces that can be captured on.") { format };
        command.SetAction((result, _) => StandardOutput.UseAsync(output => Run(result.GetValue(format), output)));
        return command;
    }

    private static int Run(OutputFormat format, Stream output)
    {
        try
        {
            IReadOnlyList<PcapInterface> interfaces = CaptureLibrary.Instance.GetInterfaces();
            ObjectWriter<PcapInterface> writer = new(format, output, InterfaceShape.Of(interfaces));
            writer.Begin();
            foreach (PcapInterface known in interfaces)
                writer.Write(known);
            return Success;
        }
        catch (LiveCaptureException e)
        {
            CaptureProblem problem = CaptureProblem.From(e, "")!;
            StandardError.WriteLine($"brokenpipe: {problem.Id}: {problem.Message}");
            return Failed;
        }
    }
}

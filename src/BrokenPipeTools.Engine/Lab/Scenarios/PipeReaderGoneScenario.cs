using System.IO.Pipes;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// pipe(7): a write to a pipe without a reader fails with EPIPE, and SIGPIPE kills a program that does not ignore it. Earlier unread data make no
/// difference.
/// </summary>
internal sealed class PipeReaderGoneScenario : Scenario
{
    public override string Summary => "The reader of a pipe closes it: the writer's next write returns EPIPE. The error has its name from this case.";

    public override string Effect => "make a pipe, and close its reader";

    public override ScenarioNeeds Needs => ScenarioNeeds.Unix;

    public override IReadOnlyList<ExpectedClose> Packets => [];

    internal override void Run(ScenarioContext context)
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using SafePipeHandle reader = writer.ClientSafePipeHandle;
        using FileStream pipe = new(new SafeFileHandle(writer.SafePipeHandle.DangerousGetHandle(), ownsHandle: false), FileAccess.Write, bufferSize: 0);
        Write(context, pipe).Expect("ok");
        context.Trace.Record(StepSide.Server, "close", () =>
        {
            reader.Close();
            return SocketOutcome.Ok;
        });
        Write(context, pipe).Expect("EPIPE");
        Write(context, pipe).Expect("EPIPE");
    }

    private static SocketStep Write(ScenarioContext context, FileStream pipe) => context.Trace.Record(StepSide.Client, "write(5)", () =>
    {
        try
        {
            pipe.Write("hello"u8);
            return SocketOutcome.Sent(5);
        }
        catch (IOException error)
        {
            return SocketOutcome.Failed(error);
        }
    });
}

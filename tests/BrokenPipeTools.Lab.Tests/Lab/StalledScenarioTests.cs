using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>
/// The timers of the kernel run on while a machine stalls, so the calls of a scenario may come too late. Such a result is no error of the kernel, of the
/// analyzer or of the scenario.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class StalledScenarioTests
{
    private const int Stop = 19; // SIGSTOP
    private const int Continue = 18; // SIGCONT

    private static readonly TimeSpan Stalled = TimeSpan.FromMilliseconds(500);

    private const string Good = "as expected";
    private const string Bad = "step 4 returned ETIMEDOUT, not blocks";

    [Fact]
    public void A_problem_while_the_machine_stalled_is_tried_again()
    {
        Assert.Equal((Good, 3), Run((Bad, Stalled), (Bad, Stalled), (Good, Stalled)));
        Assert.Equal((Good, 2), Run((Bad, Stalled), (Good, TimeSpan.Zero)));
        Assert.Equal((Bad, 2), Run((Bad, Stalled), (Bad, TimeSpan.Zero)));
        Assert.Equal((Bad, 5), Run(Enumerable.Repeat((Bad, Stalled), 9).ToArray())); // in the end it is reported
    }

    [Fact]
    public void A_problem_without_a_stall_is_reported_immediately() => Assert.Equal((Bad, 1), Run((Bad, TimeSpan.FromMilliseconds(5)), (Good, TimeSpan.Zero)));

    /// <summary>TCP_USER_TIMEOUT ends the connection of this scenario half a second after the client's data: here the program is stopped for longer.</summary>
    [LinuxFact]
    public void A_scenario_that_was_stopped_between_its_calls_passes()
    {
        using ChildProgram program = ChildProgram.Start(Brokenpipe.With("scenario", "ZeroWindowTimeout", "-f", "csv"));
        Task<string> output = program.StandardOutput.ReadToEndAsync();
        Assert.True(SpinWait.SpinUntil(() => program.HasExited || IsConnected(program.Id), ChildProgram.MaxWait));
        program.Signal(Stop);
        Thread.Sleep(Stalled * 2);
        program.Signal(Continue);
        Assert.True(program.ExitCode == 0, output.GetAwaiter().GetResult());
    }

    private static bool IsConnected(int process) => new TcpSocketSource { IsWanted = (id, _) => id == process }.List().Any(socket => socket.State == TcpState.Established);

    private static (string Last, int Attempts) Run(params (string Result, TimeSpan Stall)[] results)
    {
        int attempts = 0;
        return (ScenarioRunner.Undisturbed(() => results[attempts++], result => result == Bad), attempts);
    }
}

using System.Diagnostics;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Testing.Processes;

/// <summary>
/// A program that a test starts. Every read and every wait has a deadline. The program and its children end when this object is disposed, so a test
/// that fails leaves no process, and no test waits forever.
/// </summary>
internal sealed class ChildProgram : IDisposable
{
    /// <summary>Longer than any program of the tests takes on a busy machine, so that only a hanging program reaches it.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ChildProgram(Process process)
    {
        _process = process;
        StandardOutput = new DeadlineReader(() => process.StandardOutput, $"the output of {process.StartInfo.FileName}");
        StandardError = new DeadlineReader(() => process.StandardError, $"the errors of {process.StartInfo.FileName}");
    }

    public DeadlineReader StandardOutput { get; }

    public DeadlineReader StandardError { get; }

    public StreamWriter StandardInput => _process.StandardInput;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code. Waits until the program has ended.</summary>
    public int ExitCode
    {
        get
        {
            WaitForExit();
            return _process.ExitCode;
        }
    }

    /// <summary>Starts a program. Its output and errors are read here, and the test writes its input.</summary>
    public static ChildProgram Start(string program, params IEnumerable<string> arguments) => Start(new ProcessStartInfo(program, arguments));

    /// <summary>Starts a program with other settings. All three streams are redirected, whatever the settings contain.</summary>
    public static ChildProgram Start(ProcessStartInfo start)
    {
        UnixSignals.RestoreInterrupt();
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new ChildProgram(ProcessGate.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start"));
    }

    /// <summary>Runs a program to its end, without input.</summary>
    public static ProgramResult Run(string program, params IEnumerable<string> arguments) => Run(new ProcessStartInfo(program, arguments));

    /// <summary>Runs a program to its end, with other settings and with input.</summary>
    public static ProgramResult Run(ProcessStartInfo start, byte[]? input = null)
    {
        using ChildProgram program = Start(start);
        Task<string> errors = program.StandardError.ReadToEndAsync();
        Task<string> output = program.StandardOutput.ReadToEndAsync();
        program.Feed(input ?? []);
        return new ProgramResult(program.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>Calls a function for each line of the output and of the errors, on another thread. The lines are then not read here.</summary>
    public void OnLine(Action<string?> take)
    {
        _process.OutputDataReceived += (_, line) => take(line.Data);
        _process.ErrorDataReceived += (_, line) => take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Sends SIGINT, as Ctrl+C does. Unix only.</summary>
    public void Interrupt() => UnixSignals.Send(Id, UnixSignals.Interrupt);

    /// <summary>Sends a signal. Unix only.</summary>
    public void Signal(int signal) => UnixSignals.Send(Id, signal);

    /// <summary>Kills the program (SIGKILL on Unix), and waits until it has ended.</summary>
    public void Kill()
    {
        _process.Kill();
        WaitForExit();
    }

    /// <summary>Waits for its end, and fails if it does not come in time.</summary>
    public void WaitForExit() => Assert.True(_process.WaitForExit(MaxWait), $"{_process.StartInfo.FileName} goes on after {MaxWait.TotalSeconds} s");

    /// <summary>Waits for its end. Returns false if it does not come in time.</summary>
    public bool WaitForExit(int milliseconds) => _process.WaitForExit(TimeSpan.FromMilliseconds(milliseconds));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(MaxWait);
        }

        _process.Dispose();
    }

    /// <summary>Writes all of the program's input, and closes it. It is not an error if the program ends without reading it.</summary>
    private void Feed(byte[] input)
    {
        Task feeding = Deadline.Start(() =>
        {
            try
            {
                StandardInput.BaseStream.Write(input);
                StandardInput.Close();
            }
            catch (IOException)
            {
                // The program has already ended.
            }

            return true;
        }, $"the input of {_process.StartInfo.FileName}");
        feeding.GetAwaiter().GetResult();
    }
}

/// <summary>The exit code and the output of a program that has ended.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors);

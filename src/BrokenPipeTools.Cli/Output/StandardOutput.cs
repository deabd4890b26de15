using System.Text;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Sockets;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The reader of standard output has closed it.</summary>
internal sealed class OutputClosedException(Exception cause) : Exception("the output was closed", cause);

/// <summary>Standard output cannot be written, but its reader has not closed it: for example, the disk is full.</summary>
internal sealed class OutputFailedException(Exception cause) : Exception(cause.Message, cause);

/// <summary>Writes records, and ends a command if they cannot be written.</summary>
internal static class StandardOutput
{
    private const int Success = 0;
    private const int OutputFailed = 1;

    /// <inheritdoc cref="UseAsync(Func{Stream, Task{int}})"/>
    public static Task<int> UseAsync(Func<Stream, int> command) => UseAsync(output => Task.FromResult(command(output)));

    /// <summary>Runs a command that prints.</summary>
    /// <param name="command">The command: receives the output, returns the exit code. It runs on another thread, because the calling thread handles Ctrl+C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> UseAsync(Func<Stream, Task<int>> command)
    {
        using Stream output = Open();
        return await Task.Run(() => command(output)).ConfigureAwait(false);
    }

    /// <summary>Runs a whole command. It ends if the reader of its output has closed it, or the output cannot be written.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command().ConfigureAwait(false);
        }
        catch (OutputClosedException)
        {
            return Success; // the reader has closed the output
        }
        catch (OutputFailedException failed)
        {
            StandardError.WriteLine($"brokenpipe: {nameof(OutputFailed)}: standard output: {failed.Message}");
            return OutputFailed;
        }
    }

    /// <summary>Writes a whole text, such as help.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> WriteAsync(string text) => text.Length == 0
        ? Task.FromResult(Success)
        : GuardAsync(() => UseAsync(output =>
        {
            Write(output, Encoding.UTF8.GetBytes(text));
            return Success;
        }));

    /// <summary>Writes immediately.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has closed it.</exception>
    /// <exception cref="OutputFailedException">The output cannot be written for another reason.</exception>
    public static void Write(Stream output, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return; // an empty write cannot fail
        try
        {
            output.Write(bytes);
            output.Flush();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException) // UnauthorizedAccessException may also be EBADF
        {
            throw IsReaderGone(failed) ? new OutputClosedException(failed) : new OutputFailedException(failed);
        }
    }

    /// <summary>
    /// Opens standard output. The console's own stream reports no error if its reader has exited: it drops the output (.NET's ConsolePal), and a
    /// server would run without a reader. On a pipe or a socket a <see cref="FileStream"/> is used instead, which reports the error. It is not used
    /// on a file, because it would write there without moving the offset that commands before and after this one share; not on a terminal, which has
    /// no reader that could exit; not on a descriptor that another program made non-blocking, because it cannot wait; and not on Windows, which has
    /// no descriptors: there the command continues, and its output is dropped.
    /// </summary>
    private static Stream Open()
    {
        if (!InheritedDescriptor.IsOpen(InheritedDescriptor.Output))
            return new ClosedOutput();
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();
        try
        {
            SafeFileHandle handle = new(InheritedDescriptor.Output, ownsHandle: false);
            FileStream stream = new(handle, FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek && !handle.IsAsync)
                return stream;
            stream.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The command was started with a folder as its output.
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>Returns whether the error is EPIPE, or ECONNRESET if the output is a socket. On Unix, .NET has the errno in HResult.</summary>
    private static bool IsReaderGone(Exception failed) => SocketErrors.Name(failed.HResult, SocketErrors.Current) is "EPIPE" or "ECONNRESET";
}

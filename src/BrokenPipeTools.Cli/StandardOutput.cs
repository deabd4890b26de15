namespace BrokenPipeTools.Cli;

/// <summary>The reader of our output has gone away.</summary>
internal sealed class OutputClosedException(Exception cause) : Exception("the output was closed", cause);

/// <summary>Where records go, and what becomes of a command that cannot write them.</summary>
internal static class StandardOutput
{
    private const int Success = 0;

    /// <inheritdoc cref="UseAsync(Func{Stream, Task{int}})"/>
    public static Task<int> UseAsync(Func<Stream, int> command) => UseAsync(output => Task.FromResult(command(output)));

    /// <summary>Runs a command that prints. It ends where the reader of its output has gone away.</summary>
    /// <param name="command">Gets the output, returns the exit code. It runs on a thread of its own: the one that calls listens for Ctrl+C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> UseAsync(Func<Stream, Task<int>> command)
    {
        using Stream output = Console.OpenStandardOutput();
        try
        {
            return await Task.Run(() => command(output)).ConfigureAwait(false);
        }
        catch (OutputClosedException)
        {
            return Success; // whoever reads our output has seen enough
        }
    }

    /// <summary>Writes at once.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has gone away.</exception>
    public static void Write(Stream output, ReadOnlySpan<byte> bytes)
    {
        try
        {
            output.Write(bytes);
            output.Flush();
        }
        catch (IOException failed)
        {
            throw new OutputClosedException(failed);
        }
    }
}

namespace BrokenPipeTools.Testing.Processes;

/// <summary>
/// Bounds a call that can block. It runs on a separate thread, because reads of a pipe that wait on the thread pool would block everything else
/// there.
/// </summary>
internal static class Deadline
{
    /// <summary>Starts a call. The task fails with <see cref="TimeoutException"/> if the call does not return in time.</summary>
    /// <param name="call">The call; it continues after its deadline, until the process that it waits for is killed.</param>
    /// <param name="name">What the call waits for, for the message.</param>
    /// <param name="limit"><see cref="ChildProgram.MaxWait"/> if it is not given.</param>
    public static async Task<T> Start<T>(Func<T> call, string name, TimeSpan? limit = null)
    {
        TimeSpan maxWait = limit ?? ChildProgram.MaxWait;
        Task<T> running = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await running.WaitAsync(maxWait).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{name}: nothing within {maxWait.TotalSeconds} s");
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Runs probes. Targets are added one by one, and each result can be taken as soon as it is complete. No thread waits for the peers. All members may
/// be used from any thread.
/// </summary>
internal sealed class TeardownRun : IDisposable
{
    /// <summary>
    /// The longest wait for probes that were stopped. They usually end within some milliseconds; with a capture, within a quarter of a second.
    /// </summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(2);

    /// <summary>The most results that may wait to be taken, besides the probes in progress. Further probes wait.</summary>
    private const int MostUntaken = 1_000;

    private readonly TeardownOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _room;
    private readonly SemaphoreSlim _space = new(MostUntaken);
    private readonly BlockingCollection<TeardownTest> _results = [];
    private readonly ConcurrentDictionary<ProbeTurn, long> _active = new();
    private int _open = 1; // 1 until Complete is called
    private int _unfinished;
    private int _complete;
    private Exception? _failure;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TeardownRun(TeardownOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _room = new SemaphoreSlim(options.ThrottleLimit);
    }

    /// <summary>Whether every target was added and every result was taken.</summary>
    public bool IsFinished => _results.IsCompleted;

    /// <summary>The number of added targets whose probes are not all complete.</summary>
    public int Unfinished => Volatile.Read(ref _unfinished);

    /// <summary>The probes in progress.</summary>
    public IReadOnlyList<TeardownActivity> Activities => [.. _active.Select(entry => new TeardownActivity(entry.Key.Target, entry.Key.Probe, entry.Key.Iteration, Stopwatch.GetElapsedTime(entry.Value), entry.Key.Remaining))];

    /// <summary>Adds a target; its probes begin as soon as there is room.</summary>
    /// <exception cref="ArgumentException">The port is out of range, or the name is empty.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Complete"/> was called before.</exception>
    public void Add(TeardownTarget target) => _ = AddAsync(target);

    /// <inheritdoc cref="Add"/>
    /// <returns>
    /// Completes with this target: whether all its tests passed (<see cref="TeardownPass"/>). Null if the run was stopped before this target was
    /// begun.
    /// </returns>
    public Task<bool?> AddAsync(TeardownTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrWhiteSpace(target.ComputerName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(target.Port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target.Port, IPEndPoint.MaxPort);
        if (Volatile.Read(ref _complete) != 0)
            throw new InvalidOperationException("no target can be added after the last");
        Interlocked.Increment(ref _open);
        Interlocked.Increment(ref _unfinished);
        return Task.Run(() => ProbeAsync(target));
    }

    /// <summary>Notes that no further target will be added.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _complete, 1) == 0)
            Leave();
    }

    /// <summary>Waits for a result. Returns false if no result came in time, or if there are no further results.</summary>
    /// <exception cref="InvalidOperationException">A probe failed because of an error in this program.</exception>
    public bool TryTake(TimeSpan wait, [NotNullWhen(true)] out TeardownTest? result)
    {
        if (_results.TryTake(out result, wait))
        {
            _space.Release();
            return true;
        }

        return Volatile.Read(ref _failure) is { } failure ? throw new InvalidOperationException("a probe could not be completed", failure) : false;
    }

    /// <summary>Stops every probe: running probes report their results so far, and the others are not started.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Stops the running probes, and closes their connections.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        SpinWait.SpinUntil(() => _active.IsEmpty, StopWait);
    }

    private async Task<bool?> ProbeAsync(TeardownTarget target)
    {
        int tested = 0; // the addresses of a name may be probed at the same time
        int failed = 0;
        try
        {
            await Warmup.CompletedAsync().ConfigureAwait(false);
            await _room.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                await new TargetProbing(target, _options, NoteAsync, _stop.Token).RunAsync().ConfigureAwait(false);
            }
            finally
            {
                _room.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // the probe had not begun, so there is nothing to report
        }
        catch (Exception e)
        {
            Volatile.Write(ref _failure, e); // thrown to the reader of the results, because no code awaits this task
        }
        finally
        {
            Interlocked.Decrement(ref _unfinished);
            Leave();
        }

        return tested == 0 ? null : failed == 0;

        async Task NoteAsync(ProbeTurn turn)
        {
            bool passed = await MakeAsync(turn).ConfigureAwait(false);
            Interlocked.Increment(ref tested);
            if (!passed)
                Interlocked.Increment(ref failed);
        }
    }

    /// <summary>Runs a probe as soon as there is room for its result. Returns whether the probe passed.</summary>
    private async Task<bool> MakeAsync(ProbeTurn turn)
    {
        await _space.WaitAsync(_stop.Token).ConfigureAwait(false);
        _active[turn] = Stopwatch.GetTimestamp();
        try
        {
            TeardownTest result = await turn.MakeAsync(_stop.Token).ConfigureAwait(false);
            _results.Add(result);
            return TeardownPass.Of(result);
        }
        finally
        {
            _active.TryRemove(turn, out _);
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _results.CompleteAdding();
    }
}

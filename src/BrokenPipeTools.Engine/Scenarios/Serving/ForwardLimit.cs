using System.Globalization;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>
/// How much of a connection is passed on before it fails. Counts the bytes toward a side, and the requests: a request begins with the
/// client's first bytes after the upstream server's, whatever the protocol is.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="applies">Whether there are any.</param>
internal sealed class ForwardLimit(FaultServerOptions options, bool applies)
{
    private readonly object _lock = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int? _most = applies ? options.AfterRequests : null;
    private readonly long _mostBytes = (applies ? options.AfterBytes : null) ?? long.MaxValue;
    private long _allowed;
    private long _passed;
    private int _requests;
    private bool _answering = true;

    /// <summary>Completed when the limit is reached.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Completed when the fault that follows is in effect.</summary>
    public Task Applied => _applied.Task;

    /// <summary>The limit that was reached first, as <c>100 bytes</c>.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Whether bytes toward this side count, and this side meets the fault.</summary>
    public bool Concerns(ForwardSide side) => options.Toward == side || options.Toward == ForwardSide.Both;

    /// <summary>Takes note of bytes that have come. Returns how many of them may be passed on before the fault.</summary>
    public int Allow(ForwardSide toward, int count)
    {
        lock (_lock)
        {
            if (_applied.Task.IsCompleted)
                return count;
            if (_reached.Task.IsCompleted)
                return 0;
            bool isRequest = toward == ForwardSide.Upstream && _answering;
            _answering = toward == ForwardSide.Client;
            if (isRequest && _requests++ == _most)
                return Reach(string.Create(CultureInfo.InvariantCulture, $"{_most} requests"));
            if (!Concerns(toward))
                return count;
            int allowed = (int)Math.Min(count, _mostBytes - _allowed);
            _allowed += allowed;
            return allowed;
        }
    }

    /// <summary>Allowed bytes were passed on. The limit is reached when all of them were: those of the other direction may still be on their way.</summary>
    public void CountPassed(ForwardSide toward, int count)
    {
        lock (_lock)
        {
            if (Concerns(toward))
                _passed += count;
            if (_passed == _mostBytes)
                Reach(string.Create(CultureInfo.InvariantCulture, $"{options.AfterBytes} bytes"));
        }
    }

    /// <summary>The time is up.</summary>
    public void Expire()
    {
        lock (_lock)
            Reach(string.Create(CultureInfo.InvariantCulture, $"{options.AfterTime!.Value.TotalSeconds} s"));
    }

    /// <summary>The fault is in effect: tasks that waited for it continue.</summary>
    public void Apply() => _applied.TrySetResult();

    /// <summary>Under the lock. The reason is there before anybody learns that the limit is reached.</summary>
    private int Reach(string reason)
    {
        if (!_reached.Task.IsCompleted)
            Reason = reason;
        _reached.TrySetResult();
        return 0;
    }
}

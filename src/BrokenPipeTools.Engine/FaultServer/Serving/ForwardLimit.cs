using System.Globalization;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Decides how much of a connection is forwarded before it fails. It counts the bytes toward a side, and the requests. A request begins with the
/// client's first bytes after the upstream server's answer, whatever the protocol is.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="applies">Whether any limit is set.</param>
/// <param name="requestBegan">A function that is called for every request that is forwarded.</param>
internal sealed class ForwardLimit(BrokenPipeServerOptions options, bool applies, Action requestBegan)
{
    private readonly object _lock = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int? _most = applies ? options.AfterRequests : null;
    private readonly long _mostBytes = (applies ? options.AfterBytes : null) ?? long.MaxValue;
    private readonly AnswerStart _answer = new();
    private long _allowed;
    private long _passed;
    private int _requests;

    /// <summary>Completes when the limit is reached.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Completes when the fault after the limit has taken effect.</summary>
    public Task Applied => _applied.Task;

    /// <summary>Text for the limit that was reached first, such as "100 bytes".</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Returns whether bytes toward this side are counted, which is also the side that the fault affects.</summary>
    public bool Concerns(ForwardSide side) => options.Toward == side || options.Toward == ForwardSide.Both;

    /// <summary>Adds received bytes. Returns how many of them may be forwarded before the fault.</summary>
    public int Allow(ForwardSide toward, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_applied.Task.IsCompleted)
                return bytes.Length;
            if (_reached.Task.IsCompleted)
                return 0;
            if (toward == ForwardSide.Client)
                _answer.Add(bytes);
            else if (_answer.HasBegun && !BeginRequest())
                return Reach(Count(_most!.Value, "request"));
            if (!Concerns(toward))
                return bytes.Length;
            int allowed = (int)Math.Min(bytes.Length, _mostBytes - _allowed);
            _allowed += allowed;
            return allowed;
        }
    }

    /// <summary>
    /// Notes that allowed bytes were forwarded. The limit counts as reached only when all allowed bytes were forwarded, because bytes of the other
    /// direction may still be on their way.
    /// </summary>
    public void CountPassed(ForwardSide toward, int count)
    {
        lock (_lock)
        {
            if (Concerns(toward))
                _passed += count;
            if (_passed == _mostBytes)
                Reach(Count(_mostBytes, "byte"));
        }
    }

    /// <summary>Notes that the time is over.</summary>
    public void Expire()
    {
        lock (_lock)
            Reach(string.Create(CultureInfo.InvariantCulture, $"{options.AfterTime!.Value.TotalSeconds} s"));
    }

    /// <summary>Notes that the fault has taken effect. Tasks that wait for <see cref="Applied"/> continue.</summary>
    public void Apply() => _applied.TrySetResult();

    private static string Count(long number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")}");

    /// <summary>The caller must hold the lock. Returns false if the request exceeds the limit.</summary>
    private bool BeginRequest()
    {
        _answer.Await();
        if (_requests++ == _most)
            return false;
        requestBegan();
        return true;
    }

    /// <summary>The caller must hold the lock. The reason is set before the limit counts as reached.</summary>
    private int Reach(string reason)
    {
        if (!_reached.Task.IsCompleted)
            Reason = reason;
        _reached.TrySetResult();
        return 0;
    }
}

using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Tests.Lab;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>
/// Compares the socket model with the kernel. Random endings are run; before every read and write the model, which knows only the packets up to then,
/// must predict the result. If the packets cannot show it (unread data, an error that an earlier call has returned, a shutdown that sends nothing),
/// the call is counted separately.
/// </summary>
public sealed class KernelDifferentialTests(ITestOutputHelper output)
{
    private const int DefaultRuns = 1000;

    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("TEARDOWN_RUNS"), out int runs) ? runs : DefaultRuns;

    [LiveTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_model_predicts_the_results_of_the_kernel(bool ipv6)
    {
        int first = Environment.GetEnvironmentVariable("TEARDOWN_SEED") is { Length: > 0 } seed ? int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next(int.MaxValue - Runs);
        TeardownCapture lab = TeardownCapture.Record(first, Runs, ipv6);
        int decidable = 0, right = 0, undecidable = 0;
        List<string> wrong = [];
        foreach (RandomTeardownResult run in lab.Runs)
        {
            List<TeardownFrame> frames = lab.FramesOf(run);
            CallHistory[] sides = [new(), new()];
            foreach (SocketStep call in run.Calls)
            {
                CallHistory side = sides[(int)call.Side];
                string verb = call.Call.Split('(')[0];
                ConnectionClose seen = TeardownCapture.RecordAt(frames, call.StartTime);
                if (verb is "send" or "recv" or "getsockopt")
                {
                    string predicted = verb == "getsockopt" ? "" : Predict(seen, call.Side, verb);
                    string informed = side.Predict(verb, seen, call.Side);
                    if (informed != call.Result)
                        wrong.Add($"seed {run.Seed}, step {call.Number}: {call.Side} {call.Call} = {call.Result}, predicted {informed} given the calls before it; {seen.State} {seen.Sequence}");
                    if (verb == "getsockopt" || side.Hides(verb, seen, call.Side))
                    {
                        undecidable++;
                    }
                    else
                    {
                        decidable++;
                        if (predicted == call.Result)
                            right++;
                        else
                            wrong.Add($"seed {run.Seed}, step {call.Number}: {call.Side} {call.Call} = {call.Result}, predicted {predicted}; {seen.State} {seen.Sequence}");
                    }
                }

                side.Add(verb, call, seen);
            }
        }

        output.WriteLine($"{decidable} decidable calls, {right} right ({100.0 * right / decidable:0.00} %); {undecidable} undecidable ({100.0 * undecidable / (decidable + undecidable):0.0} %); first seed {first}");
        foreach (string line in wrong.Take(40))
            output.WriteLine(line);
        Assert.True(wrong.Count <= 0.01 * decidable, $"{wrong.Count} of {decidable} wrong; seed {first}\n" + string.Join('\n', wrong.Take(20)));
    }

    private static string Predict(ConnectionClose seen, StepSide side, string verb) => (side, verb) switch
    {
        (StepSide.Client, "recv") => seen.ClientRead,
        (StepSide.Client, _) => seen.ClientWrite,
        (_, "recv") => seen.ServerRead,
        _ => seen.ServerWrite,
    };

    /// <summary>The effects of a side's own calls that no packet shows.</summary>
    private sealed class CallHistory
    {
        private long _read;
        private bool _errorTaken;
        private bool _pendingTaken;
        private bool _shutReading;
        private bool _shutWriting;

        private long _discardedFrom = long.MaxValue; // data after both directions were shut down are answered with a RST and discarded

        public void Add(string verb, SocketStep call, ConnectionClose seen)
        {
            if (verb == "recv")
                _read += call.Bytes ?? 0;
            if (call.Errno is not null)
            {
                _errorTaken |= call.Result != "EPIPE"; // a pending EPIPE that was returned does not change later results
                _pendingTaken |= _errorTaken || verb == "getsockopt" || StateOf(seen, call.Side).Error == CallResult.BrokenPipe;
            }

            if (verb != "shutdown" || call.Errno is not null)
                return;
            _shutReading |= call.Call is "shutdown(SHUT_RD)" or "shutdown(SHUT_RDWR)";
            _shutWriting |= call.Call is "shutdown(SHUT_WR)" or "shutdown(SHUT_RDWR)";
            if (_shutReading && _shutWriting)
                _discardedFrom = Math.Min(_discardedFrom, Received(seen, call.Side));
        }

        /// <summary>Returns the model's result, given the earlier calls of this side.</summary>
        public string Predict(string verb, ConnectionClose seen, StepSide side)
        {
            SocketState state = StateOf(seen, side);
            if (_pendingTaken)
                state = state with { Error = CallResult.None };
            if (verb == "getsockopt")
                return SocketCalls.TakeError(state).Result.Text();
            if (verb == "send")
                return SocketCalls.Write(state).Result.Text();
            if (Math.Min(Received(seen, side), _discardedFrom) > _read)
                return CallResultText.Ok;
            string read = SocketCalls.Read(state).Result.Text();
            return _shutReading && read == CallResultText.Blocks ? CallResultText.EndOfFile : read;
        }

        /// <summary>Returns whether the packets alone cannot show the result of this call.</summary>
        public bool Hides(string verb, ConnectionClose seen, StepSide side) =>
            _errorTaken || (verb == "recv" && (Received(seen, side) > _read || _shutReading));

        private static SocketState StateOf(ConnectionClose seen, StepSide side) =>
            SocketView.Of(seen.Connection, seen.Connection.Key.Port0 == (side == StepSide.Client ? seen.ClientPort : seen.ServerPort) ? 0 : 1);

        private static long Received(ConnectionClose seen, StepSide side) => side == StepSide.Client ? seen.ServerBytes : seen.ClientBytes;
    }
}

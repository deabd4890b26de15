using System.Management.Automation.Host;

namespace BrokenPipeTools.Reading;

/// <summary>
/// Makes the first Ctrl+C end only the live capture. By default PowerShell stops the whole pipeline, and a stopped pipeline cannot write anything
/// more: the connections that are still open would be lost. While a capture runs in a console, Ctrl+C is therefore read like any other key. After the
/// first Ctrl+C, and after the capture, it has its usual effect again.
/// <para>
/// Other keys that are typed in that time are lost, because a console removes a key when it is read.
/// </para>
/// </summary>
internal sealed class ConsoleStopKey : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The time after the first Ctrl+C in which the next capture of a loop does not read keys. A second Ctrl+C then ends the loop.</summary>
    private static readonly TimeSpan Truce = TimeSpan.FromSeconds(2);

    private static int s_watching;
    private static long s_lastPress = -(long)Truce.TotalMilliseconds;

    private readonly Action _stop;
    private readonly ManualResetEventSlim _done = new();
    private readonly Thread _thread;

    private ConsoleStopKey(Action stop)
    {
        _stop = stop;
        Console.TreatControlCAsInput = true;
        _thread = new Thread(Watch) { IsBackground = true, Name = nameof(ConsoleStopKey) };
        _thread.Start();
    }

    /// <summary>Begins to read keys. Returns null if this is not an interactive console, or if another capture already reads them.</summary>
    public static ConsoleStopKey? Watch(PSHost host, Action stop)
    {
        bool isTruce = Environment.TickCount64 - Interlocked.Read(ref s_lastPress) < Truce.TotalMilliseconds;
        if (host.Name != "ConsoleHost" || Console.IsInputRedirected || isTruce || Interlocked.Exchange(ref s_watching, 1) == 1)
            return null;
        try
        {
            return new ConsoleStopKey(stop);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or PlatformNotSupportedException)
        {
            Interlocked.Exchange(ref s_watching, 0);
            return null; // not an interactive console; Ctrl+C keeps its usual effect
        }
    }

    public void Dispose()
    {
        _done.Set();
        bool isOver = _thread.Join(Pause * 10);
        Restore();
        if (isOver)
            _done.Dispose(); // another reader (Read-Host) took the key; the thread waits for one more key, and then ends
        Interlocked.Exchange(ref s_watching, 0);
    }

    private static bool IsControlC(ConsoleKeyInfo key) =>
        key.KeyChar == '\x03' || (key.Key == ConsoleKey.C && key.Modifiers == ConsoleModifiers.Control);

    private static void Restore() => Console.TreatControlCAsInput = false;

    private void Watch()
    {
        try
        {
            while (!_done.Wait(Pause))
            {
                if (!Console.KeyAvailable || !IsControlC(Console.ReadKey(intercept: true)))
                    continue;
                Interlocked.Exchange(ref s_lastPress, Environment.TickCount64);
                Restore();
                _stop();
                return;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The terminal was closed, so no more keys can come.
        }
    }
}

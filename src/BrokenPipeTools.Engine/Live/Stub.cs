#pragma warning disable CA1822
using BrokenPipeTools.Capture;
namespace BrokenPipeTools.Live;
public sealed class LiveCaptureException(string m) : Exception(m);
public sealed class LiveCapture : IDisposable
{
    public bool TryRead(out Frame f) { f = default; return false; }
    public void Stop() { }
    public void Dispose() { }
}

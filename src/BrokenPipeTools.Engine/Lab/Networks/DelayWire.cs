using System.Runtime.Versioning;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>
/// A link with a delay, so that packets of two hosts can cross. The kernel's own delay (netem) is a module that many systems lack, so this program
/// forwards the packets between two tun interfaces.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DelayWire : IDisposable
{
    /// <summary>Milliseconds between two checks whether the link was disposed.</summary>
    private const int Slice = 20;

    private readonly TunDevice _left;
    private readonly TunDevice _right;
    private readonly Thread[] _carriers;
    private volatile bool _stopped;

    /// <param name="left">One end; disposed with this object.</param>
    /// <param name="right">The other end; disposed with this object.</param>
    /// <param name="delay">Milliseconds that each packet is delayed.</param>
    public DelayWire(TunDevice left, TunDevice right, int delay)
    {
        _left = left;
        _right = right;
        _carriers = [CarrierOf(left, right, delay), CarrierOf(right, left, delay)];
        foreach (Thread carrier in _carriers)
            carrier.Start();
    }

    public void Dispose()
    {
        _stopped = true;
        foreach (Thread carrier in _carriers)
            carrier.Join();
        _left.Dispose();
        _right.Dispose();
    }

    private Thread CarrierOf(TunDevice from, TunDevice to, int delay) => new(() => Carry(from, to, delay)) { IsBackground = true, Name = "delay wire" };

    /// <summary>Forwards the packets of one direction, in their order.</summary>
    private void Carry(TunDevice from, TunDevice to, int delay)
    {
        Queue<(long Due, byte[] Packet)> underWay = new();
        byte[] buffer = new byte[TunDevice.LongestPacket];
        while (!_stopped)
        {
            from.WaitForPacket(underWay.TryPeek(out (long Due, byte[] Packet) first) ? (int)Math.Clamp(first.Due - Environment.TickCount64, 0, Slice) : Slice);
            for (int length; (length = from.Read(buffer)) > 0;)
                underWay.Enqueue((Environment.TickCount64 + delay, buffer[..length]));
            while (underWay.TryPeek(out first) && first.Due <= Environment.TickCount64)
                to.Write(underWay.Dequeue().Packet);
        }
    }
}

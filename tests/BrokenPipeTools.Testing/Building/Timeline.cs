using System.Globalization;
using System.Text;

namespace BrokenPipeTools.Testing.Building;

/// <summary>
/// Makes lines of a <see cref="PacketScript"/> from times in seconds since the beginning. Connections that overlap are easier to write like this.
/// </summary>
internal sealed class Timeline
{
    private readonly List<(double At, string Line)> _lines = [];
    private int _connections;

    /// <summary>Adds a connection: a handshake, a request with its answer, the same again right before the silence, and the end after the silence.</summary>
    /// <param name="at">The time at which the SYN is sent.</param>
    /// <param name="busy">How long requests are answered.</param>
    /// <param name="silence">The time from the last answer to the end.</param>
    /// <param name="end">The lines of the end, separated by semicolons.</param>
    /// <param name="port">The server's port.</param>
    public Timeline Add(double at, double busy, double silence, string end = "S:FIN;C:ACK;C:FIN;S:ACK", int port = 80)
    {
        Lines(at, "C:SYN;S:SYN-ACK;C:ACK;C:DATA(5);S:DATA(7);C:ACK", port);
        if (busy > 0)
            Lines(at + busy - 0.002, "C:DATA(5);S:DATA(7);C:ACK", port);
        double last = busy > 0 ? at + busy - 0.001 : at + 0.004;
        Lines(last + silence, end, port);
        _connections++;
        return this;
    }

    /// <summary>Adds a connection without any payload.</summary>
    public Timeline AddBare(double at, string end = "C:RST-ACK", int port = 80)
    {
        Lines(at, $"C:SYN;S:SYN-ACK;C:ACK;{end}", port);
        _connections++;
        return this;
    }

    public override string ToString()
    {
        StringBuilder script = new();
        double now = 0;
        foreach ((double at, string line) in _lines.OrderBy(l => l.At))
        {
            script.Append(CultureInfo.InvariantCulture, $"+{Math.Max(0, at - now):0.######} {line}\n");
            now = at;
        }

        return script.ToString();
    }

    /// <summary>Writes the lines with one millisecond between them.</summary>
    private void Lines(double at, string lines, int port)
    {
        foreach (string line in lines.Split(';'))
        {
            _lines.Add((at, $"{line} conn={_connections} to={port}"));
            at += 0.001;
        }
    }
}

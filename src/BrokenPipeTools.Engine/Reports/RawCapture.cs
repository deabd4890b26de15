using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>
/// The first bytes of a captured frame, with the members of SharpPcap's RawCapture (https://github.com/dotpcap/sharppcap, SharpPcap/RawCapture.cs),
/// so that code written for those works with these too.
/// </summary>
public sealed class RawCapture
{
    internal RawCapture(LoggedFrame frame, long time)
    {
        Data = [.. frame.Data];
        LinkLayerType = frame.LinkType;
        PacketLength = frame.OriginalLength;
        Timeval = new PosixTimeval(time);
    }

    /// <summary>The captured bytes, from the link layer's header on, at most 256.</summary>
    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "SharpPcap has an array here; this one is a copy")]
    public byte[] Data { get; }

    /// <summary>The time when it was captured.</summary>
    public PosixTimeval Timeval { get; }

    /// <summary>The LINKTYPE_ number; the values of PacketDotNet's LinkLayers are the same.</summary>
    public int LinkLayerType { get; }

    /// <summary>Bytes that the frame had on the wire.</summary>
    public int PacketLength { get; }

    /// <summary>Returns the frame as one line of text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Data.Length} of {PacketLength} bytes, link type {LinkLayerType}");
}

/// <summary>A time with the members of SharpPcap's PosixTimeval.</summary>
public sealed class PosixTimeval
{
    private readonly long _nanoseconds;

    internal PosixTimeval(long nanoseconds) => _nanoseconds = Math.Max(0, nanoseconds);

    /// <summary>Whole seconds since 1970-01-01T00:00:00Z.</summary>
    public ulong Seconds => (ulong)(_nanoseconds / Nanoseconds.PerSecond);

    /// <summary>Whole microseconds of the second.</summary>
    public ulong MicroSeconds => (ulong)(_nanoseconds % Nanoseconds.PerSecond / Nanoseconds.PerMicrosecond);

    /// <summary>Seconds since 1970, with all digits that the capture has.</summary>
    public decimal Value => _nanoseconds / (decimal)Nanoseconds.PerSecond;

    /// <summary>UTC, to 100 nanoseconds.</summary>
    public DateTime Date => Nanoseconds.ToTime(_nanoseconds);

    /// <summary>Returns seconds and microseconds in SharpPcap's format.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}.{MicroSeconds:000000}s");
}

using System.Net;
using System.Runtime.InteropServices;
using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Live;

/// <summary>An interface that can be captured on.</summary>
public sealed record PcapInterface : INaturalOrder<PcapInterface>
{
    // pcap/pcap.h: PCAP_IF_*
    private const uint Loopback = 0x01;
    private const uint Up = 0x02;
    private const uint Running = 0x04;
    private const uint Wireless = 0x08;

    /// <summary>What captures are opened by: <c>eth0</c>, or <c>\Device\NPF_{…}</c> on Windows.</summary>
    public required string Name { get; init; }

    /// <summary>The system's words for it; empty where it has none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its IPv4 and IPv6 addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    public bool IsLoopback { get; init; }

    /// <summary>It has been switched on.</summary>
    public bool IsUp { get; init; }

    /// <summary>Its cable or its radio link works.</summary>
    public bool IsRunning { get; init; }

    public bool IsWireless { get; init; }

    /// <summary>Every interface, in libpcap's order: the likeliest first. Needs no privilege on Linux and macOS.</summary>
    /// <exception cref="LiveCaptureException">The capture library is missing or cannot tell.</exception>
    public static IReadOnlyList<PcapInterface> GetAll()
    {
        PcapLibrary.Require();
        byte[] error = new byte[LibPcap.ErrorBufferSize];
        if (LibPcap.FindAllDevices(out nint first, error) != 0)
            throw LiveCaptureFaults.Other(null, LibPcap.Text(error));
        try
        {
            List<PcapInterface> found = [];
            for (nint at = first; at != 0;)
            {
                NativeInterface native = Marshal.PtrToStructure<NativeInterface>(at);
                found.Add(Read(native));
                at = native.Next;
            }

            return found;
        }
        finally
        {
            LibPcap.FreeAllDevices(first);
        }
    }

    /// <summary>By name.</summary>
    public int CompareTo(PcapInterface? other) => other is null ? 1 : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static PcapInterface Read(in NativeInterface native) => new()
    {
        Name = LibPcap.Text(native.Name),
        Description = LibPcap.Text(native.Description),
        Addresses = PcapAddress.ReadAll(native.Addresses),
        IsLoopback = (native.Flags & Loopback) != 0,
        IsUp = (native.Flags & Up) != 0,
        IsRunning = (native.Flags & Running) != 0,
        IsWireless = (native.Flags & Wireless) != 0,
    };

    /// <summary>struct pcap_if.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct NativeInterface
    {
        public readonly nint Next;
        public readonly nint Name;
        public readonly nint Description;
        public readonly nint Addresses;
        public readonly uint Flags;
    }
}

using System.Net;
using System.Net.NetworkInformation;
using BrokenPipeTools.Capture.Live;
using SharpPcap;
using Device = SharpPcap.LibPcap.PcapInterface;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>The capture library of this system, libpcap or Npcap, through SharpPcap.</summary>
internal sealed class CaptureLibrary : ICaptureLibrary
{
    // pcap/pcap.h: PCAP_IF_*
    private const uint Loopback = 0x01;
    private const uint Up = 0x02;
    private const uint Running = 0x04;
    private const uint Wireless = 0x08;

    /// <summary>The library of this process.</summary>
    public static CaptureLibrary Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<PcapInterface> GetInterfaces()
    {
        LibraryCheck.Require();
        return [.. Devices().Select(Describe)];
    }

    /// <inheritdoc/>
    public ILiveCapture Open(LiveCaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.InterfaceName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.SnapLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SnapLength, LiveCaptureOptions.WholeFrames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BufferSize);
        LibraryCheck.Require();
        return LiveCapture.Open(options);
    }

    /// <summary>Lists the interfaces as objects of SharpPcap.</summary>
    /// <exception cref="LiveCaptureException">The interfaces cannot be listed.</exception>
    internal static IReadOnlyList<Device> Devices()
    {
        try
        {
            return Device.GetAllPcapInterfaces();
        }
        catch (Exception e) when (e is PcapException or InvalidOperationException or NetworkInformationException)
        {
            throw LiveCaptureFaults.Other(null, e.Message); // SharpPcap throws InvalidOperationException for an interface with two hardware addresses.
        }
    }

    private static PcapInterface Describe(Device device) => new()
    {
        Name = device.Name,
        Description = device.Description ?? "", // null if the system has no description
        Addresses = [.. AddressesOf(device).Select(WithScopeOnlyIfLinkLocal)],
        IsLoopback = (device.Flags & Loopback) != 0,
        IsUp = (device.Flags & Up) != 0,
        IsRunning = (device.Flags & Running) != 0,
        IsWireless = (device.Flags & Wireless) != 0,
    };

    /// <summary>Lists the addresses that .NET finds for an interface.</summary>
    internal static IEnumerable<IPAddress> AddressesByName(string name) =>
        NetworkInterface.GetAllNetworkInterfaces().Where(one => one.Id == name).SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address);

    /// <summary>
    /// Returns the addresses of an interface. SharpPcap reads socket addresses only in the layout of Linux and Windows. On the BSDs they begin with a
    /// length byte (netinet/in.h), so the addresses that .NET finds are used there.
    /// </summary>
    private static IEnumerable<IPAddress> AddressesOf(Device device) => OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD()
        ? AddressesByName(device.Name)
        : device.Addresses.Select(one => one.Addr?.ipAddress).OfType<IPAddress>();

    private static IPAddress WithScopeOnlyIfLinkLocal(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && !address.IsIPv6LinkLocal ? new IPAddress(address.GetAddressBytes()) : address;
}

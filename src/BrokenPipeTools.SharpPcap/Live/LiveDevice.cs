using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using BrokenPipeTools.Capture.Live;
using SharpPcap;
using SharpPcap.LibPcap;
using Device = SharpPcap.LibPcap.PcapInterface;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>
/// A device of SharpPcap that is opened by name. SharpPcap opens only interfaces that it has listed. An interface in another network namespace is not
/// in the list, so the object of any listed interface is used, with another name.
/// </summary>
internal sealed class LiveDevice : LibPcapLiveDevice
{
    /// <summary>
    /// Any listed interface is suitable, so the interfaces are listed once for all captures. After a failure the next capture lists them again.
    /// </summary>
    private static readonly Lazy<Device> Template = new(FindTemplate, LazyThreadSafetyMode.PublicationOnly);

    private static readonly Lazy<bool> Warmup = new(WarmUp);

    private readonly string _name;

    private LiveDevice(string name)
        : base(Template.Value) => _name = name;

    public override string Name => _name;

    /// <summary>Opens an interface and sets the filter.</summary>
    /// <param name="options">The interface and how to capture on it.</param>
    /// <param name="timeout">Milliseconds after which libpcap returns the frames that it has collected.</param>
    /// <exception cref="LiveCaptureException">The interface cannot be captured on.</exception>
    public static LiveDevice Open(LiveCaptureOptions options, int timeout)
    {
        LiveDevice device = new(options.InterfaceName);
        try
        {
            device.Activate(options, timeout);
            if (!string.IsNullOrWhiteSpace(options.Filter))
                device.SetCaptureFilter(options.Filter);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    private static Device FindTemplate() => CaptureLibrary.Devices() is [Device first, ..] ? first : throw LiveCaptureFaults.Other(null, "no interface is visible");

    private void Activate(LiveCaptureOptions options, int timeout)
    {
        DeviceConfiguration configuration = new()
        {
            Mode = options.Promiscuous ? DeviceModes.Promiscuous : DeviceModes.None,
            Snaplen = options.SnapLength,
            ReadTimeout = timeout,
            BufferSize = options.BufferSize,
            Immediate = options.Immediate,
            TimestampResolution = TimestampResolution.Nanosecond,
        };
        configuration.ConfigurationFailed += (_, _) => { }; // called only if the system does not have this precision; microseconds are then used

        ExceptionDispatchInfo? failure = null;
        Action open = [MethodImpl(MethodImplOptions.AggressiveOptimization)] () => failure = Try(configuration);
        if (options.Opening is null)
        {
            open();
        }
        else
        {
            _ = Warmup.Value;
            options.Opening(open);
        }

        switch (failure?.SourceException)
        {
            case null:
                return;
            case PcapException { Error: PcapError.NoSuchDevice } when options.Opening is not null:
                throw LiveCaptureFaults.NoSuchInterfaceThere(Name);
            case PcapException e:
                throw LiveCaptureFaults.Activation(Name, e.Error, Handle.IsInvalid ? e.Message : LastError);
            default:
                failure.Throw();
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ExceptionDispatchInfo? Try(DeviceConfiguration configuration)
    {
        try
        {
            Open(configuration);
            return null;
        }
        catch (Exception e)
        {
            return ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>
    /// Opens an interface once in this process's own namespace. All code is then compiled before a thread runs it in another namespace, where a
    /// thread that the runtime starts would stay.
    /// </summary>
    private static bool WarmUp()
    {
        using LiveDevice device = new("any");
        ExceptionDispatchInfo? failure = device.Try(new DeviceConfiguration { ReadTimeout = 1, Snaplen = 64, BufferSize = 1 << 16, Immediate = false, TimestampResolution = TimestampResolution.Nanosecond });
        return failure is null;
    }

    /// <summary>
    /// Compiles the filter for an unknown netmask (PCAP_NETMASK_UNKNOWN), so that a filter that needs the netmask is an error. SharpPcap compiles it
    /// for the netmask 0.0.0.0, with which "ip broadcast" would silently match other packets.
    /// </summary>
    private void SetCaptureFilter(string filter)
    {
        const uint NetmaskUnknown = 0xFFFF_FFFF;
        try
        {
            BpfProgram.Create(Handle, filter, optimize: 1, NetmaskUnknown).Dispose();
        }
        catch (PcapException e)
        {
            throw LiveCaptureFaults.BadFilter(Name, filter, e.Message);
        }

        try
        {
            Filter = filter;
        }
        catch (PcapException e)
        {
            throw LiveCaptureFaults.Other(Name, e.Message);
        }
    }
}

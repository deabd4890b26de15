using System.Runtime.InteropServices;
using System.Text;

namespace BrokenPipeTools.Live;

/// <summary>
/// The native boundary: functions of libpcap 1.5 and later (pcap(3pcap)), Npcap's among them. <see cref="PcapLibrary.Require()"/>
/// comes before the first call.
/// <para>
/// pcap_breakloop is not among them. On Linux libpcap looks at its flag after it has taken a frame from the ring
/// (pcap-linux.c, pcap_read_linux_mmap_v2), and the frame would be lost; short waits need no breaking.
/// </para>
/// </summary>
internal static class LibPcap
{
    /// <summary>PCAP_ERRBUF_SIZE.</summary>
    public const int ErrorBufferSize = 256;

    /// <summary>PCAP_NETMASK_UNKNOWN: only "ip broadcast" needs to know it.</summary>
    public const uint NetmaskUnknown = 0xFFFF_FFFF;

    /// <summary>PCAP_TSTAMP_PRECISION_NANO.</summary>
    public const int Nanoseconds = 1;

    public const int ErrorNoSuchDevice = -5;
    public const int ErrorPermissionDenied = -8;
    public const int ErrorInterfaceNotUp = -9;
    public const int ErrorPromiscuousPermissionDenied = -11;

    /// <summary>struct bpf_program.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FilterProgram
    {
        public uint Length;
        public nint Instructions;
    }

    /// <summary>struct pcap_stat; Windows adds three more counters.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Statistics
    {
        public uint Received;
        public uint Dropped;
        public uint DroppedByInterface;
        private readonly uint _captured;
        private readonly uint _sent;
        private readonly uint _droppedByNetwork;
    }

    /// <summary>A string that the library owns.</summary>
    public static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    /// <summary>What a function left in its error buffer.</summary>
    public static string Text(byte[] errorBuffer)
    {
        int end = Array.IndexOf(errorBuffer, (byte)0);
        return Encoding.UTF8.GetString(errorBuffer, 0, end < 0 ? errorBuffer.Length : end);
    }

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_create")]
    public static extern PcapHandle Create([MarshalAs(UnmanagedType.LPUTF8Str)] string device, [Out] byte[] errorBuffer);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_close")]
    public static extern void Close(nint handle);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_set_snaplen")]
    public static extern int SetSnapLength(PcapHandle handle, int length);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_set_promisc")]
    public static extern int SetPromiscuous(PcapHandle handle, int on);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_set_timeout")]
    public static extern int SetTimeout(PcapHandle handle, int milliseconds);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_set_immediate_mode")]
    public static extern int SetImmediateMode(PcapHandle handle, int on);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_set_buffer_size")]
    public static extern int SetBufferSize(PcapHandle handle, int bytes);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_set_tstamp_precision")]
    public static extern int SetTimePrecision(PcapHandle handle, int precision);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_get_tstamp_precision")]
    public static extern int GetTimePrecision(PcapHandle handle);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_activate")]
    public static extern int Activate(PcapHandle handle);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_setnonblock")]
    public static extern int SetNonBlocking(PcapHandle handle, int on, [Out] byte[] errorBuffer);

    /// <summary>Not on Windows.</summary>
    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_get_selectable_fd")]
    public static extern int GetSelectableDescriptor(PcapHandle handle);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_datalink")]
    public static extern int DataLink(PcapHandle handle);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_snapshot")]
    public static extern int SnapLength(PcapHandle handle);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_compile")]
    public static extern int Compile(PcapHandle handle, out FilterProgram program, [MarshalAs(UnmanagedType.LPUTF8Str)] string filter, int optimize, uint netmask);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_setfilter")]
    public static extern int SetFilter(PcapHandle handle, ref FilterProgram program);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_freecode")]
    public static extern void FreeCode(ref FilterProgram program);

    /// <summary>1 for a frame, 0 for none in time, negative for an error.</summary>
    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_next_ex")]
    public static extern int Next(PcapHandle handle, out nint header, out nint data);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_stats")]
    public static extern int GetStatistics(PcapHandle handle, out Statistics statistics);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_geterr")]
    public static extern nint LastError(PcapHandle handle);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_statustostr")]
    public static extern nint StatusText(int status);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_findalldevs")]
    public static extern int FindAllDevices(out nint first, [Out] byte[] errorBuffer);

    [DllImport(PcapLibrary.Name, EntryPoint = "pcap_freealldevs")]
    public static extern void FreeAllDevices(nint first);
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using BrokenPipeTools.Capture.Live;
using Microsoft.Win32.SafeHandles;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>
/// A network interface whose other end is this program. Packets that the kernel sends to the interface can be read here, and packets that are written
/// here arrive in the kernel (Documentation/networking/tuntap.rst). Closing the device removes the interface.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TunDevice : IDisposable
{
    /// <summary>Bytes. Packets are shorter than this, because the interface's MTU is 1500.</summary>
    public const int LongestPacket = 2048;

    private const int InterfaceRequestSize = 40; // struct ifreq: 16 bytes of name, then flags
    private const int InterfaceNameSize = 16;
    private const short PlainPackets = 0x0001 | 0x1000; // IFF_TUN | IFF_NO_PI, include/uapi/linux/if_tun.h
    private const nuint SetInterface = 0x400454ca; // TUNSETIFF
    private const int ReadWriteNonBlocking = 0x2 | 0x800; // O_RDWR | O_NONBLOCK

    private readonly SafeFileHandle _file;

    private TunDevice(SafeFileHandle file) => _file = file;

    /// <summary>Makes the interface. It is down at first, and has no address.</summary>
    /// <exception cref="InvalidOperationException">The kernel does not allow it.</exception>
    public static TunDevice Open(NetworkHost host, string name)
    {
        SafeFileHandle file = host.Namespace.OpenFile("/dev/net/tun", ReadWriteNonBlocking);
        byte[] request = new byte[InterfaceRequestSize];
        Encoding.ASCII.GetBytes(name, request);
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.WriteInt16LittleEndian(request.AsSpan(InterfaceNameSize), PlainPackets);
        else
            BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(InterfaceNameSize), PlainPackets);
        if (Control(file, SetInterface, request) == 0)
            return new TunDevice(file);
        string why = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        file.Dispose();
        throw new InvalidOperationException($"a tun interface cannot be created: {why}");
    }

    /// <summary>Waits for a packet, for this many milliseconds at most.</summary>
    public void WaitForPacket(int milliseconds) => DescriptorWait.ForReading((int)_file.DangerousGetHandle(), milliseconds);

    /// <summary>Reads the next packet. Returns its length; 0 if there is none.</summary>
    public int Read(byte[] packet) => (int)Math.Max(0, ReadFile(_file, packet, (nuint)packet.Length));

    /// <summary>Delivers a packet to the kernel. If the kernel does not accept it, the packet is lost, as on any link.</summary>
    public void Write(byte[] packet) => _ = WriteFile(_file, packet, (nuint)packet.Length);

    public void Dispose() => _file.Dispose();

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Control(SafeFileHandle file, nuint request, byte[] argument);

    [DllImport("libc", EntryPoint = "read")]
    private static extern nint ReadFile(SafeFileHandle file, [Out] byte[] buffer, nuint length);

    [DllImport("libc", EntryPoint = "write")]
    private static extern nint WriteFile(SafeFileHandle file, byte[] buffer, nuint length);
}

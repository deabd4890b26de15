using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Internal;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Bridging;

/// <summary>
/// The properties RawCapture and Packet that BrokenPipeTools.Types.ps1xml gives events. They are hidden there, so that they are not
/// serialized, exported or listed unless they are named; an event without bytes adds nothing to a list of them.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PacketDecoding
{
    private static readonly Lazy<IPacketDecoder?> LazyDecoder = new(LoadDecoder);

    /// <summary>The first bytes of the event's frame; nothing if it has none.</summary>
    public static object RawCapture(PSObject closeEvent) => (object?)BytesOf(closeEvent) ?? AutomationNull.Value;

    /// <summary>The event's frame as PacketDotNet decodes it; nothing if it has no bytes, they are damaged, or PacketDotNet is not there.</summary>
    public static object Packet(PSObject closeEvent) =>
        (BytesOf(closeEvent) is { } frame ? LazyDecoder.Value?.Decode(frame.Data, frame.LinkLayerType) : null) ?? AutomationNull.Value;

    private static RawCapture? BytesOf(PSObject? closeEvent) => (closeEvent?.BaseObject as CloseEvent)?.GetRawCapture();

    private static IPacketDecoder? LoadDecoder()
    {
        try
        {
            return BridgeLoader.Create<IPacketDecoder>("BrokenPipeTools.SharpPcap.Packets.PacketDotNetDecoder");
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return null; // bin/lib is incomplete: everything but this property works without it
        }
    }
}

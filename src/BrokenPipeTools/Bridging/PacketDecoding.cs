using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Internal;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Bridging;

/// <summary>
/// The properties RawCapture and Packet that BrokenPipeTools.Types.ps1xml adds to events. They are hidden, so they are serialized, exported or listed
/// only if the user names them. For an event without bytes they return nothing.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PacketDecoding
{
    private static readonly Lazy<IPacketDecoder?> LazyDecoder = new(LoadDecoder);

    /// <summary>Returns the first bytes of the event's frame; nothing if it has none.</summary>
    public static object RawCapture(PSObject closeEvent) => (object?)BytesOf(closeEvent) ?? AutomationNull.Value;

    /// <summary>
    /// Returns the event's frame as decoded by PacketDotNet; nothing if the event has no bytes, if they are damaged, or if PacketDotNet is missing.
    /// </summary>
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
            return null; // bin/lib is incomplete: everything except this property works without it
        }
    }
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reading;

/// <summary>
/// A packet from an object of another program with the members of SharpPcap's RawCapture: Data, Timeval and LinkLayerType, and optionally
/// PacketLength (https://github.com/dotpcap/sharppcap, SharpPcap/RawCapture.cs).
/// </summary>
/// <param name="Data">The captured bytes; not copied from the object.</param>
/// <param name="Time">Nanoseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="LinkType">The LINKTYPE_ or DLT_ number.</param>
/// <param name="OriginalLength">Bytes on the wire; 0 if unknown.</param>
internal readonly record struct CapturedPacket(ReadOnlyMemory<byte> Data, long Time, int LinkType, int OriginalLength)
{
    /// <summary>Returns whether the object has the members of a packet. The values of the members may be invalid.</summary>
    public static bool IsMeantBy(object value) => ObjectMembers.Has(value, "Data") && ObjectMembers.Has(value, "LinkLayerType");

    /// <summary>Reads the packet. Returns false, and the reason, if the object does not contain one.</summary>
    public static bool TryRead(object? value, out CapturedPacket packet, [NotNullWhen(false)] out string? reason)
    {
        packet = default;
        try
        {
            reason = value is null ? "null" : Read(value, out packet);
        }
        catch (TargetInvocationException e)
        {
            reason = e.InnerException!.Message;
        }
        catch (GetValueException e)
        {
            reason = e.Message;
        }

        return reason is null;
    }

    private static string? Read(object value, out CapturedPacket packet)
    {
        packet = default;
        if (!TryReadData(ObjectMembers.Read(value, nameof(Data)), out ReadOnlyMemory<byte> data))
            return "Data has no bytes";
        if (data.Length > PacketAnalysis.MaxPacketLength)
            return string.Create(CultureInfo.InvariantCulture, $"Data has {data.Length} bytes; the limit is {PacketAnalysis.MaxPacketLength}");
        object? when = ObjectMembers.Read(value, "Timeval") ?? ObjectMembers.Read(value, "Date");
        if (!PacketTime.TryRead(when, out long time))
            return "neither Timeval nor Date has a time since 1970";
        if (!TryReadLinkType(ObjectMembers.Read(value, "LinkLayerType"), out int linkType))
            return "LinkLayerType is neither the number nor the name of a link type";
        object? length = ObjectMembers.Read(value, "PacketLength");
        if (!LanguagePrimitives.TryConvertTo(length ?? 0, out int originalLength) || originalLength < 0)
            return "PacketLength is not a valid length";
        packet = new CapturedPacket(data, time, linkType, originalLength);
        return null;
    }

    /// <summary>
    /// Reads the bytes. After ConvertFrom-Json they are a list of numbers. A text is not accepted, although PowerShell could convert "5" to a byte.
    /// </summary>
    private static bool TryReadData(object? value, out ReadOnlyMemory<byte> data)
    {
        ReadOnlyMemory<byte>? read = value switch
        {
            byte[] bytes => new ReadOnlyMemory<byte>?(bytes), // the type is written because null would otherwise become an empty packet
            ArraySegment<byte> bytes => bytes,
            Memory<byte> bytes => bytes,
            ReadOnlyMemory<byte> bytes => bytes,
            IList list when LanguagePrimitives.TryConvertTo(list, out byte[] bytes) => bytes,
            _ => null,
        };
        data = read ?? default;
        return read is not null;
    }

    private static bool TryReadLinkType(object? value, out int linkType)
    {
        linkType = 0;
        bool isRead = value switch
        {
            null => false,
            string name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out linkType) || LinkTypeName.TryParse(name, out linkType),
            _ => LanguagePrimitives.TryConvertTo(value, out linkType),
        };
        return isRead && linkType is >= 0 and <= ushort.MaxValue;
    }
}

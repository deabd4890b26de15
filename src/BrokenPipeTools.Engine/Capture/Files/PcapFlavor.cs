using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Finds the record layout of a file whose magic number is shared by several layouts: the standard one, unless another one fits more of the first
/// records without a fault. A damaged record alone is not a reason for another layout.
/// </summary>
internal static class PcapFlavor
{
    private const int LongestPlausible = 256 * 1024;
    private const int BytesTried = 192 * 1024;

    /// <summary>Seconds between two records of one capture. With a wrong layout, the times are further apart.</summary>
    private const long LongestCapture = 366 * 86_400L;

    private static readonly int[] StandardLayouts = [PcapFormat.StandardRecord, PcapFormat.KuznetzovRecord, PcapFormat.NokiaRecord];
    private static readonly int[] ModifiedLayouts = [PcapFormat.KuznetzovRecord, PcapFormat.SuseRecord];

    public static PcapFormat Choose(CaptureInput input, PcapFormat format, PcapFileHeader header)
    {
        if (format.NanosecondsPerTick == 1 || format.FileHeaderLength != 24)
            return format;

        // If the input is a pipe and the first record is plausible, does not wait for further records.
        int[] layouts = format.IsModified ? ModifiedLayouts : StandardLayouts;
        input.Peek(layouts[0]);
        if (input.Length is null && input.Window.Bytes.Length >= layouts[0] && IsPlausible(Read(input.Window.Bytes, format, header), header, isUsual: true))
            return format;

        input.Peek(BytesTried);
        int chosen = layouts[0];
        int most = Explain(input.Window.Bytes, format, header, chosen, isUsual: true);
        foreach (int layout in layouts[1..])
        {
            int records = Explain(input.Window.Bytes, format, header, layout, isUsual: false);
            if (records > most)
                (chosen, most) = (layout, records);
        }

        return format with { RecordHeaderLength = chosen };
    }

    /// <summary>
    /// Counts the records that fit a layout, up to the first fault or the end of the window. Empty records are not counted, because zeros look like
    /// them. A record that is cut at the end of the window is not a fault, but counts only for the usual layout. Another layout with a fault counts
    /// 0.
    /// </summary>
    private static int Explain(ReadOnlySpan<byte> bytes, PcapFormat format, PcapFileHeader header, int layout, bool isUsual)
    {
        int records = 0;
        long? began = null;
        while (bytes.Length >= layout)
        {
            PcapReader.PcapRecord record = Read(bytes, format, header);
            began ??= record.Seconds;
            bool isInTime = isUsual || Math.Abs(record.Seconds - began.Value) <= LongestCapture;
            if (!isInTime || !IsPlausible(record, header, isUsual))
                return isUsual ? records : 0;
            int length = layout + (int)record.Captured;
            records += record.Captured > 0 && (isUsual || length <= bytes.Length) ? 1 : 0;
            bytes = bytes[Math.Min(bytes.Length, length)..];
        }

        return records;
    }

    private static PcapReader.PcapRecord Read(ReadOnlySpan<byte> bytes, PcapFormat format, PcapFileHeader header)
    {
        PcapReader.PcapRecord record = PcapReader.PcapRecord.Read(bytes, format.Swapped);
        return header.LengthOrder == LengthOrder.CapturedFirst ? record : record.Reorder(header.LengthOrder);
    }

    /// <summary>
    /// Returns whether a record fits a layout. In the usual layout an original length below the captured one is not a fault: some writers leave it 0.
    /// </summary>
    private static bool IsPlausible(in PcapReader.PcapRecord record, PcapFileHeader header, bool isUsual) =>
        record.Fraction < Nanoseconds.PerSecond / Nanoseconds.PerMicrosecond
        && record.Captured <= LongestPlausible
        && record.Original <= 128u << 20
        && (record.Captured <= header.SnapLength || header.SnapLength == 0)
        && (isUsual || record.Captured <= record.Original);
}

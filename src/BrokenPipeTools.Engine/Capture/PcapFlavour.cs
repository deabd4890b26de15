namespace BrokenPipeTools.Capture;

/// <summary>
/// Tells patched record layouts from the standard one where they share a magic number: by reading the first records as
/// each layout would have them, and taking the one that makes sense.
/// </summary>
internal static class PcapFlavour
{
    private const int RecordsTried = 3;
    private const int LongestPlausible = 256 * 1024;

    private static readonly int[] StandardLayouts = [PcapFormat.StandardRecord, PcapFormat.KuznetzovRecord, PcapFormat.NokiaRecord];
    private static readonly int[] ModifiedLayouts = [PcapFormat.KuznetzovRecord, PcapFormat.SuseRecord];

    public static PcapFormat Choose(CaptureInput input, PcapFormat format, PcapFileHeader header)
    {
        if (format.NanosecondsPerTick == 1 || format.FileHeaderLength != 24)
            return format;

        // A pipe is not held up for more than the first record where that looks right.
        int[] layouts = format.IsModified ? ModifiedLayouts : StandardLayouts;
        input.Peek(layouts[0]);
        if (input.Length is null && Doubts(input.Window.Bytes, format, header, layouts[0], records: 1) == 0)
            return format;

        input.Peek(RecordsTried * (LongestPlausible / 4));
        foreach (int layout in layouts)
        {
            if (Doubts(input.Window.Bytes, format, header, layout, RecordsTried) == 0)
                return format with { RecordHeaderLength = layout };
        }

        return format with { RecordHeaderLength = layouts[0] }; // damaged, whichever it is
    }

    /// <summary>How many things are wrong with the first record that has anything wrong.</summary>
    private static int Doubts(ReadOnlySpan<byte> bytes, PcapFormat format, PcapFileHeader header, int layout, int records)
    {
        for (int i = 0; i < records && !bytes.IsEmpty; i++)
        {
            if (bytes.Length < layout)
                return 1;
            PcapReader.PcapRecord record = PcapReader.PcapRecord.Read(bytes, format.Swapped);
            if (header.LengthOrder != LengthOrder.CapturedFirst)
                record = record.Reorder(header.LengthOrder);
            int doubts = (record.Fraction >= 1_000_000 ? 1 : 0)
                + (record.Captured > LongestPlausible ? 1 : 0)
                + (record.Original > 128u << 20 ? 1 : 0)
                + (record.Captured > header.SnapLength && header.SnapLength != 0 ? 1 : 0)
                + (record.Captured > record.Original ? 1 : 0);
            if (doubts != 0 || records == 1)
                return doubts;
            if (bytes.Length < layout + record.Captured)
                return 1;
            bytes = bytes[(layout + (int)record.Captured)..];
        }

        return 0;
    }
}

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Finds the blocks without a packet that Wireshark numbers as frames. If they were not counted, the frame numbers would differ from Wireshark's.
/// </summary>
internal static class PcapngRecords
{
    private const uint SystemdJournal = 9;
    private const uint CustomCopied = 0x0BAD;
    private const uint CustomNotCopied = 0x40000BAD;
    private const uint NetflixEnterprise = 10949;
    private const uint NetflixEvent = 1;

    /// <summary>Returns true for systemd journal entries, sysdig events and custom blocks.</summary>
    public static bool CountsAsFrame(uint type) =>
        type is SystemdJournal or CustomCopied or CustomNotCopied or 0x204 or 0x208 or 0x216 or 0x217 or 0x221 or 0x222;

    /// <summary>Returns whether a block is a frame. Of Netflix's custom blocks only the events are frames.</summary>
    public static bool IsFrame(CaptureInput input, uint type, bool swapped)
    {
        if (type is not (CustomCopied or CustomNotCopied) || !input.Ensure(16))
            return true;
        PcapngFields block = new(input.Window.Bytes, swapped);
        if (block.U32(8) != NetflixEnterprise)
            return true;
        return block.U32(12) == NetflixEvent || System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(block.U32(12)) == NetflixEvent;
    }
}

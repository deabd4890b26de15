namespace BrokenPipeTools.Connections;

/// <summary>
/// Keeps the data that few connections need in a separate object, so that the other connections stay small. The object is reused by the next
/// connection in the same memory, including its parts for recognized protocols.
/// </summary>
internal sealed class ConnectionExtras
{
    /// <summary>The bytes of the frames in the log; null if they were not requested.</summary>
    public LoggedFrames? Frames { get; set; }

    /// <summary>The senders of ICMP errors about it; null if there are none.</summary>
    public IcmpReports? Icmp { get; set; }

    /// <summary>The data that do not come from its own segments; null if there are none.</summary>
    public CapturePoints? Points { get; set; }

    /// <summary>The unencrypted names and reasons in its payload; null or empty if there are none.</summary>
    public PayloadNotes? Notes { get; set; }

    /// <summary>Watches the payload for a closing message; null if no payload looked like one.</summary>
    public ClosingMessageWatch? ClosingMessage { get; set; }

    /// <summary>Other connections that the same host closed at the same moment after unlike silences; 0 for none.</summary>
    public int ClosedTogether { get; set; }

    /// <summary>The latest time (nanoseconds since 1970) of a segment that was followed by an earlier one; 0 for none.</summary>
    public long LatestTime { get; set; }

    /// <summary>Whether the connection is a subflow of MPTCP.</summary>
    public bool IsSubflow { get; set; }

    /// <summary>The first segment of end 0 that closes its MPTCP connection.</summary>
    public FrameMark DataFinAt0 { get; set; }

    /// <summary>The first segment of end 1 that closes its MPTCP connection.</summary>
    public FrameMark DataFinAt1 { get; set; }

    /// <summary>The longest step back in time from one segment to the next, in nanoseconds.</summary>
    public long StepBack { get; set; }

    public void Clear()
    {
        StepBack = 0;
        IsSubflow = false;
        DataFinAt0 = DataFinAt1 = FrameMark.None;
        Frames = null;
        Icmp = null;
        Points = null;
        Notes?.Clear();
        ClosingMessage?.Clear();
        ClosedTogether = 0;
        LatestTime = 0;
    }
}

using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Reasons;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <content>The reasons that the sides stated, and the silence of one side.</content>
internal sealed partial class CloseFacts
{
    /// <summary>The payload silence of one end alone, while the other sent heartbeats until the closing.</summary>
    public OneSidedSilence OneSided => Connection.Close.OneSided;

    /// <summary>An end stated the reason for which it closed.</summary>
    public bool HasReasons => ReasonOf(0).At != 0 || ReasonOf(1).At != 0;

    /// <summary>The reason that an end stated before it closed; none if there is none.</summary>
    public StatedReason ReasonOf(int end) => CloseReasons.Of(Connection, end);

    /// <summary>The group of that reason.</summary>
    public ReasonMeaning MeaningOf(int end) => ReasonMeanings.Of(ReasonOf(end).Reason);

    /// <summary>Wireshark's number of the frame that has a reason.</summary>
    public long FrameOf(in StatedReason stated) => Connection.FrameAt(stated.At) ?? 0;

    /// <summary>The server's port: it distinguishes protocols of one form.</summary>
    public int ServerPort => Connection.Endpoint(1 - Client).Port;
}

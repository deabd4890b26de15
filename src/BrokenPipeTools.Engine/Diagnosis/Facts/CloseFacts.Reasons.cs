using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <content>Facts about the reasons that the sides stated, and about the silence of one side.</content>
internal sealed partial class CloseFacts
{
    /// <summary>The time in which one end sent no payload, while the other sent heartbeats until the closing.</summary>
    public OneSidedSilence OneSided => Connection.Close.OneSided;

    /// <summary>Whether an end stated a reason for closing.</summary>
    public bool HasReasons => ReasonOf(0).At != 0 || ReasonOf(1).At != 0;

    /// <summary>Returns the reason that an end stated before it closed; an empty value if there is none.</summary>
    public StatedReason ReasonOf(int end) => CloseReasons.Of(Connection, end);

    /// <summary>Returns the group of the reason that an end stated.</summary>
    public ReasonMeaning MeaningOf(int end) => ReasonMeanings.Of(ReasonOf(end).Reason);

    /// <summary>Returns Wireshark's number of the frame that contains a reason.</summary>
    public long FrameOf(in StatedReason stated) => Connection.FrameAt(stated.At) ?? 0;

    /// <summary>
    /// Returns the HTTP response in which an end stated its idle limit (<see cref="Wire.CloseReason.IdleLimit"/>); an empty value if that was not its
    /// last response.
    /// </summary>
    public StatedReason IdleLimitOf(int end) => Connection.ReasonOf(end) is { Reason.IdleLimit: > 0 } stated ? stated : default;

    /// <summary>
    /// The bytes of the body that the server's last HTTP response announces and that the server had not sent when it closed. 0 if it sent all, if none is
    /// announced, if the other side had closed before, or if no byte of the body was sent and the request is not known: it may have been HEAD.
    /// </summary>
    public long UnsentBody
    {
        get
        {
            int server = 1 - Client;
            ref readonly Side side = ref Connection.Side(server);
            (SequenceRange body, _, bool mustFollow, _) = Connection.BodyOf(server);
            if (body.IsEmpty || ClosedBy != ClosedBy.Server || !side.Has(SideMarks.Fin))
                return 0;
            SequenceNumber sent = side.FinEnd.Add(-1);
            return (mustFollow ? sent.IsAtOrAfter(body.Start) : sent.IsAfter(body.Start)) && body.End.IsAfter(sent) ? body.End.CountFrom(sent) : 0;
        }
    }

    /// <summary>
    /// Whether the server closed in the middle of a chunked HTTP body: its last payload before its FIN does not end as the last chunk does, or only the
    /// head was sent.
    /// </summary>
    public bool EndsInsideChunks
    {
        get
        {
            int server = 1 - Client;
            ref readonly Side side = ref Connection.Side(server);
            (SequenceRange body, bool isChunked, bool mustFollow, _) = Connection.BodyOf(server);
            if (!isChunked || ClosedBy != ClosedBy.Server || !side.Has(SideMarks.Fin))
                return false;
            SequenceNumber sent = side.FinEnd.Add(-1);
            PayloadEnd last = Connection.PayloadEndOf(server);
            return sent == body.Start ? mustFollow : last.Next == sent && !last.MayEndChunks;
        }
    }

    /// <summary>Whether the server closed before the end of its last HTTP response.</summary>
    public bool IsResponseIncomplete => Connection.HasPayloadNotes && (UnsentBody > 0 || EndsInsideChunks);

    /// <summary>The server's port. It distinguishes protocols whose messages look alike.</summary>
    public int ServerPort => Connection.Endpoint(1 - Client).Port;
}

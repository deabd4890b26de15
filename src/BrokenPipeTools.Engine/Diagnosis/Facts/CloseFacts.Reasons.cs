using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <content>Facts about the reasons that the sides stated, and about the silence of one side.</content>
internal sealed partial class CloseFacts
{
    /// <summary>The time in which one end sent no payload, while the other sent heartbeats until the closing.</summary>
    public OneSidedSilence OneSided => Connection.Close.OneSided;

    /// <summary>Whether an end stated a reason for closing.</summary>
    public bool HasReasons => ReasonOf(0).At.Exists || ReasonOf(1).At.Exists;

    /// <summary>Returns the reason that an end stated before it closed; an empty value if there is none.</summary>
    public StatedReason ReasonOf(int end) => CloseReasons.Of(Connection, end);

    /// <summary>Returns whether the last payload of an end, before the other side's FIN, states that it closes. Such a message needs no answer.</summary>
    public bool SentClosingMessageFirst(int end) => Connection.ReasonOf(end) is { Reason.IsClosingMessage: true } stated && stated.At < Connection.Side(1 - end).FinAt;

    /// <summary>Returns the group of the reason that an end stated.</summary>
    public ReasonMeaning MeaningOf(int end) => WaitedForNothing(end) ? ReasonMeaning.Idle : ReasonMeanings.Of(ReasonOf(end).Reason);

    /// <summary>
    /// Returns whether an end sent a GOAWAY with an error although the other side had sent no payload that can be wrong: it had waited for the first
    /// request. (nginx then sends PROTOCOL_ERROR.)
    /// </summary>
    public bool WaitedForNothing(int end) => Connection.HasPayloadNotes && Connection.Side(1 - end) is { PayloadBytes: 0, Sent.HasGaps: false }
        && ReasonOf(end).Reason is { Kind: ReasonKind.Http2GoAway, Detail: not 0 } && HandshakeSeen;

    /// <summary>Returns Wireshark's number of the frame that contains a reason.</summary>
    public long FrameOf(in StatedReason stated) => Connection.FrameAt(stated.At) ?? 0;

    /// <summary>
    /// Returns the HTTP response in which an end stated its idle limit (<see cref="Wire.CloseReason.IdleLimit"/>); an empty value if that was not its
    /// last response.
    /// </summary>
    public StatedReason IdleLimitOf(int end) => Connection.ReasonOf(end) is { Reason.IdleLimit: > 0 } stated ? stated : default;

    /// <summary>
    /// The bytes of the body that the server's last HTTP response announces and that the server never sent. 0 if it sent all, if none is announced, or if
    /// no byte of the body was sent and the request is not known: it may have been HEAD.
    /// </summary>
    public long UnsentBody => TryFindClosedResponse(out AnnouncedBody body, out SequenceNumber sent) && !body.Numbers.IsEmpty
        && (body.MustFollow ? sent.IsAtOrAfter(body.Numbers.Start) : sent.IsAfter(body.Numbers.Start)) && body.Numbers.End.IsAfter(sent)
            ? body.Numbers.End.CountFrom(sent)
            : 0;

    /// <summary>
    /// Whether the connection closed in the middle of a chunked HTTP body: the server's last payload before its FIN does not end as the last chunk does, or
    /// only the head was sent.
    /// </summary>
    public bool EndsInsideChunks => TryFindClosedResponse(out AnnouncedBody body, out SequenceNumber sent) && body.IsChunked && !Connection.Side(1 - Client).Sent.HasGaps
        && (sent == body.Numbers.Start ? body.MustFollow : Connection.PayloadEndOf(1 - Client) is { MayEndChunks: false } end && end.Next == sent);

    /// <summary>Whether the connection closed in the middle of the head of the server's last HTTP response: before the empty line (RFC 9112, section 8).</summary>
    public bool EndsInsideHead => Connection.PayloadEndOf(1 - Client) is { IsInsideHead: true } end && TryFindClosedResponse(out _, out SequenceNumber sent)
        && end.Next == sent && !Connection.Side(1 - Client).Sent.HasGaps;

    /// <summary>Whether both sides closed with FIN, or the server did, before the end of the server's last HTTP response.</summary>
    public bool IsResponseIncomplete => Connection.HasPayloadNotes && (UnsentBody > 0 || EndsInsideChunks || EndsInsideHead);

    /// <summary>
    /// Returns the last message of an end, after which the end closes as the protocol requires; an empty value if there is none, or if the body of such an HTTP
    /// response may not be complete.
    /// </summary>
    public StatedReason AnnouncedClose(int end)
    {
        StatedReason stated = CloseReasons.AnnouncedBy(Connection, end);
        AnnouncedBody body = Connection.BodyOf(end);
        bool isComplete = !body.Numbers.IsEmpty && Connection.Side(end).Sent.Next.IsAtOrAfter(body.Numbers.End);
        return stated.Reason.Kind != ReasonKind.Http || isComplete ? stated : default;
    }

    /// <summary>
    /// Whether the body whose length the server's last HTTP response states is not complete yet. A chunked body does not count: it may be a stream of
    /// events with long pauses.
    /// </summary>
    public bool IsInsideResponse
    {
        get
        {
            AnnouncedBody body = Connection.BodyOf(1 - Client);
            SequenceNumber sent = Connection.Side(1 - Client).Sent.Next;
            return !body.Numbers.IsEmpty && sent.IsAfter(body.Numbers.Start) && body.Numbers.End.IsAfter(sent);
        }
    }

    /// <summary>Whether the client closed first, and the server sent no more after that.</summary>
    public bool IsLeftByClient => ClosedBy != ClosedBy.Server && !DataAfterFin(1 - Client).Exists;

    /// <summary>Finds the body of the server's last HTTP response, if the server closed with a FIN, and the number of that FIN.</summary>
    private bool TryFindClosedResponse(out AnnouncedBody body, out SequenceNumber sent)
    {
        body = default;
        sent = default;
        ref readonly Side server = ref Connection.Side(1 - Client);
        if (!server.Has(SideMarks.Fin) || (ClosedBy != ClosedBy.Server && State != CloseState.Graceful))
            return false;
        body = Connection.BodyOf(1 - Client);
        sent = server.FinEnd.Add(-1);
        return true;
    }

    /// <summary>
    /// The server's last HTTP response, if it is an error of the server (status 500 and higher) that is not the reason why the server closed; an empty value
    /// otherwise. The connection may end in order after it, but the last request has failed.
    /// </summary>
    public StatedReason LastServerError => Connection.ReasonOf(1 - Client) is { Reason: { Kind: ReasonKind.Http, Code: >= 500 } } stated && !ReasonOf(1 - Client).At.Exists ? stated : default;

    /// <summary>
    /// Whether the connection is a WebSocket and no side sent a Close frame in a segment of its own after its last payload. The programs then see an
    /// abnormal closure (RFC 6455, section 7.1.5: code 1006).
    /// </summary>
    public bool IsWebSocketWithoutClose => Connection.HasPayloadNotes && Connection.ReasonOf(1 - Client).Reason.Phrase == ReasonPhrase.WebSocket
        && Connection.ReasonOf(Client).Reason.Kind != ReasonKind.WebSocketClose;

    /// <summary>The server's port. It distinguishes protocols whose messages look alike.</summary>
    public int ServerPort => Connection.Endpoint(1 - Client).Port;
}

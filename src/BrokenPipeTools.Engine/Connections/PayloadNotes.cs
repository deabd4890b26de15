using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Unencrypted reasons and names in the payload of a connection. Only connections of a protocol that is recognised have one; it is kept for
/// the next connection in the same object.
/// </summary>
internal sealed class PayloadNotes
{
    private StatedReason _reason0;
    private StatedReason _reason1;

    /// <summary>The server name that the client requested; null if its first payload has none.</summary>
    public string? ServerName { get; set; }

    /// <summary>The newest reason of an end that no other payload of it has followed.</summary>
    public ref StatedReason ReasonOf(int end) => ref end == 0 ? ref _reason0 : ref _reason1;

    public void Clear()
    {
        ServerName = null;
        _reason0 = default;
        _reason1 = default;
    }

    /// <summary>Adds a new payload of an end.</summary>
    public void Note(in CloseReason reason, string? text, int end, uint at, long time)
    {
        ref StatedReason newest = ref ReasonOf(end);
        if (reason.Kind != ReasonKind.None)
            newest = new StatedReason(reason, text, at, time);
        else if (newest.Reason.Kind != ReasonKind.Http) // after the head of a response comes its body
            newest = default;
    }
}

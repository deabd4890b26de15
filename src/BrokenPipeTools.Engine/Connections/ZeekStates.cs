namespace BrokenPipeTools.Connections;

/// <summary>The state of an end and the one before it, four bits each.</summary>
internal struct ZeekStates
{
    private byte _both;

    public readonly ZeekEndState Current => (ZeekEndState)(_both & 0xF);

    /// <summary>The state before <see cref="Current"/>; it differs from that.</summary>
    public readonly ZeekEndState Previous => (ZeekEndState)(_both >> 4);

    /// <summary>Enters a state; nothing changes if it is the current one.</summary>
    public void Enter(ZeekEndState state)
    {
        if (state != Current)
            _both = (byte)((int)Current << 4 | (int)state);
    }
}

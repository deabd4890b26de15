namespace BrokenPipeTools.Http;

/// <summary>Finds the end of a chunked HTTP body (RFC 9112, section 7.1) without keeping any of its bytes.</summary>
internal sealed class ChunkedBody
{
    /// <summary>Bytes. No real chunk is this large, so a larger number is an error.</summary>
    private const long LargestChunk = 1L << 48;

    private State _state = State.Size;
    private long _left;
    private bool _lineHasText;

    private enum State
    {
        Size,
        Extension,
        Data,
        AfterData,
        Trailer,
        Complete,
        Damaged,
    }

    public bool IsComplete => _state == State.Complete;

    public bool IsDamaged => _state == State.Damaged;

    /// <summary>Skips the bytes that belong to the body. Returns the number of these bytes.</summary>
    public int Skip(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (taken < bytes.Length && _state is not (State.Complete or State.Damaged))
        {
            if (_state == State.Data)
            {
                int step = (int)Math.Min(_left, bytes.Length - taken);
                taken += step;
                _left -= step;
                if (_left == 0)
                    _state = State.AfterData;
                continue;
            }

            _state = Next((char)bytes[taken++]);
        }

        return taken;
    }

    private State Next(char value)
    {
        switch (_state, value)
        {
            case (State.Size, _) when char.IsAsciiHexDigit(value):
                _left = (_left << 4) | (long)Convert.ToInt32(value.ToString(), 16);
                return _left > LargestChunk ? State.Damaged : State.Size;
            case (State.Size or State.Extension, '\n'):
                _lineHasText = false;
                return _left > 0 ? State.Data : State.Trailer;
            case (State.Size, ';' or '\r' or ' ' or '\t'):
            case (State.Extension, _):
                return State.Extension;
            case (State.AfterData, '\n'):
                return State.Size;
            case (State.AfterData, '\r'):
                return State.AfterData;
            case (State.Trailer, '\n'):
                bool last = !_lineHasText;
                _lineHasText = false;
                return last ? State.Complete : State.Trailer;
            case (State.Trailer, _):
                _lineHasText |= value != '\r';
                return State.Trailer;
            default:
                return State.Damaged;
        }
    }
}

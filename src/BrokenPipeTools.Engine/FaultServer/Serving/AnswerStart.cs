namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Detects whether the answer to a request has begun, for any protocol. Interim responses of HTTP do not count: after 100 Continue the client sends
/// the rest of its request (RFC 9110, section 15.2). The exception is 101, which counts as an answer, because the protocol changes after it.
/// </summary>
internal sealed class AnswerStart
{
    private const int StatusEnd = 12; // HTTP/1.1 100

    private int _statusRead;
    private byte _lastDigit;
    private bool _isInterim;
    private bool _lineIsEmpty;
    private bool _hasBegun = true;

    /// <summary>Whether the client's next bytes begin a new request. True before the first request, and after the answer to a request has begun.</summary>
    public bool HasBegun => _hasBegun || (_statusRead > 0 && !_isInterim);

    /// <summary>Notes that a request has begun and its answer has not.</summary>
    public void Await() => (_statusRead, _isInterim, _hasBegun) = (0, false, false);

    /// <summary>Adds bytes that the upstream server sent.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (_hasBegun)
                return;
            if (_isInterim)
                SkipInterim(value);
            else
                ReadStatus(value);
        }
    }

    private void ReadStatus(byte value)
    {
        bool fits = _statusRead switch
        {
            < 7 => value == "HTTP/1."u8[_statusRead],
            8 => value == ' ',
            9 => value == '1',
            11 => value is >= (byte)'0' and <= (byte)'9' && (_lastDigit, value) != ((byte)'0', (byte)'1'),
            _ => value is >= (byte)'0' and <= (byte)'9',
        };
        _lastDigit = value;
        _hasBegun = !fits;
        (_isInterim, _lineIsEmpty) = (fits && ++_statusRead == StatusEnd, false);
    }

    /// <summary>Skips the interim response up to the empty line at the end of its head.</summary>
    private void SkipInterim(byte value)
    {
        if (value == '\n' && _lineIsEmpty)
            Await();
        else if (value != '\r')
            _lineIsEmpty = value == '\n';
    }
}

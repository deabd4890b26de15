using System.Text;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// The beginning of the received data, as text that is safe to print. Bytes that are not printable ASCII become a dot, so no client can send escape
/// sequences to the terminal that shows the log.
/// </summary>
internal sealed class ReceivedText(int capacity, bool manyLines)
{
    private readonly StringBuilder _text = new();
    private bool _complete;
    private volatile string? _shown;

    /// <summary>The text received so far. Another thread than the one that adds bytes may read it.</summary>
    public string Value => _shown ?? "";

    public void Add(ReadOnlySpan<byte> received)
    {
        if (_complete)
            return;
        foreach (byte value in received)
        {
            Add((char)value);
            if (_complete)
                break;
        }

        _shown = _text.ToString();
    }

    private void Add(char value)
    {
        if (manyLines)
            _text.Append(value is (>= ' ' and <= '~') or '\n' or '\r' or '\t' ? value : '.');
        else if (value is '\r' or '\n')
            _complete = value == '\n' && _text.Length > 0; // empty lines before a request are allowed (RFC 9112, section 2.2)
        else
            _text.Append(value is >= ' ' and <= '~' ? value : '.');
        _complete |= _text.Length == capacity;
    }
}

using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Live;

/// <summary>Passes a live capture on, and writes every frame of it to a file on the way.</summary>
internal sealed class RecordingSource : ILiveSource, IBufferedSource
{
    private readonly ILiveSource _source;
    private readonly PcapWriter _writer;
    private readonly int _interface;
    private bool _isFlushed = true;
    private bool _ended;

    /// <summary>Owns both.</summary>
    /// <param name="source">The source of the frames.</param>
    /// <param name="writer">The file that it is written to.</param>
    /// <param name="description">The interface's description in the file.</param>
    public RecordingSource(ILiveSource source, PcapWriter writer, PcapWriterInterface description)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(writer);
        _source = source;
        _writer = writer;
        _interface = writer.AddInterface(description);
    }

    public string Name => _source.Name;

    public long Position => _source.Position;

    public long? Length => _source.Length;

    public long DroppedFrames => _source.DroppedFrames;

    public long ReadUpTo => _source.ReadUpTo;

    public bool TryRead(out Frame frame)
    {
        LiveRead read;
        do
        {
            read = Read(out frame);
        }
        while (read == LiveRead.Idle);
        return read == LiveRead.Frame;
    }

    /// <exception cref="LiveCaptureException">The capture broke off.</exception>
    /// <exception cref="CaptureWriteException">The file cannot be written on.</exception>
    public LiveRead Read(out Frame frame)
    {
        LiveRead read = _source.Read(out frame);
        switch (read)
        {
            case LiveRead.Frame:
                Record(frame);
                break;
            case LiveRead.Idle when !_isFlushed:
                Flush(); // in a pause without packets a reader of the file gets all of them
                break;
            case LiveRead.End:
                Conclude();
                break;
        }

        return read;
    }

    /// <inheritdoc cref="Read"/>
    bool IBufferedSource.TryReadNow(out Frame frame)
    {
        frame = default;
        if (_source is not IBufferedSource buffered || !buffered.TryReadNow(out frame))
            return false;
        Record(frame);
        return true;
    }

    public void Stop() => _source.Stop();

    /// <summary>Closes both. The file is whole also if the capture was left before its end.</summary>
    public void Dispose()
    {
        _source.Dispose();
        try
        {
            using (_writer)
                Conclude();
        }
        catch (IOException)
        {
            // The error was raised when the file was written; it is closed anyway.
        }
    }

    private void Record(in Frame frame)
    {
        try
        {
            _writer.Write(frame, interfaceId: _interface);
            _isFlushed = false;
        }
        catch (IOException e)
        {
            throw new CaptureWriteException(_writer.Name, e);
        }
    }

    private void Flush()
    {
        try
        {
            _writer.Flush();
            _isFlushed = true;
        }
        catch (IOException e)
        {
            throw new CaptureWriteException(_writer.Name, e);
        }
    }

    private void Conclude()
    {
        if (_ended)
            return;
        _ended = true;
        _writer.WriteStatistics(_interface, Nanoseconds.Since1970(DateTime.UtcNow), _writer.Frames, _source.DroppedFrames);
        Flush();
    }
}

using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Tests.Connections;

public sealed class LingeringQueueTests
{
    [Fact]
    public void A_late_segment_postpones_a_connection_and_leaves_its_turn()
    {
        LingeringQueue queue = new();
        Connection first = new(), second = new();
        uint number = queue.Enqueue(first, due: 10);
        queue.Enqueue(second, due: 20);
        queue.Note(number);
        queue.Postpone(number, due: 15);
        Assert.Equal(10, queue.NextDue);
        LingeringQueue.Entry entry = queue.Dequeue();
        Assert.Equal((first, true, 15L), (entry.Connection, entry.HasChanged, entry.Postponed));
        entry = queue.Dequeue();
        Assert.Equal((second, false), (entry.Connection, entry.HasChanged));
    }

    [Fact]
    public void A_note_for_a_removed_number_has_no_effect()
    {
        LingeringQueue queue = new();
        uint gone = queue.Enqueue(new Connection(), due: 10);
        queue.Dequeue();
        queue.Enqueue(new Connection(), due: 20);
        queue.Note(gone);
        queue.Postpone(gone, due: 30);
        Assert.False(queue.Dequeue().HasChanged);
    }
}

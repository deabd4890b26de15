using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Tests.Connections;

public sealed class LingeringQueueTests
{
    [Fact]
    public void A_straggler_postpones_a_connection_and_leaves_its_turn()
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
    public void What_is_noted_of_a_number_that_is_not_there_any_more_is_nothing()
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

using BrokenPipeTools.Connections;
using CsCheck;

namespace BrokenPipeTools.Tests.Connections;

/// <summary>Compares the queue with a list, for any operations.</summary>
public sealed class LingeringQueueTests
{
    /// <summary>Numbers of connections that are in the queue, were in it, or never were.</summary>
    private static readonly Gen<Operation> Any = Gen.Select(Gen.OneOf("Enqueue", "Enqueue", "Enqueue", "Note", "Postpone", "Dequeue", "Clear"), Gen.Int[0, 250], Gen.Long[0, 5], (name, number, due) => new Operation(name, number, due));

    /// <summary>More entries than the initial size of the ring, so that it grows while its first entry is at any index.</summary>
    [Fact]
    public void The_queue_returns_the_same_as_a_list() => Any.Array[0, 400].Sample(operations =>
    {
        LingeringQueue queue = new();
        List<(Connection Connection, uint Number, long Due, bool Changed, long Postponed)> list = [];
        uint next = 0;
        foreach (Operation operation in operations)
        {
            int at = list.FindIndex(e => e.Number == operation.Number);
            switch (operation.Name)
            {
                case "Enqueue":
                    Connection connection = new();
                    Assert.Equal(next, queue.Enqueue(connection, operation.Due));
                    list.Add((connection, next++, operation.Due, false, operation.Due));
                    break;
                case "Note":
                    queue.Note((uint)operation.Number);
                    if (at >= 0)
                        list[at] = list[at] with { Changed = true, Postponed = long.MinValue };
                    break;
                case "Postpone":
                    queue.Postpone((uint)operation.Number, operation.Due);
                    if (at >= 0)
                        list[at] = list[at] with { Changed = operation.Due != list[at].Due, Postponed = operation.Due };
                    break;
                case "Dequeue" when list.Count > 0:
                    LingeringQueue.Entry entry = queue.Dequeue();
                    Assert.Same(list[0].Connection, entry.Connection);
                    Assert.Equal((list[0].Number, list[0].Due, list[0].Changed, list[0].Postponed), (entry.Number, entry.Due, entry.HasChanged, entry.Postponed));
                    list.RemoveAt(0);
                    break;
                case "Clear" when operation.Number < 20:
                    queue.Clear();
                    list.Clear();
                    break;
            }

            Assert.Equal((list.Count, list.Count == 0 ? long.MaxValue : list[0].Due), (queue.Count, queue.NextDue));
        }
    });

    private sealed record Operation(string Name, int Number, long Due);
}

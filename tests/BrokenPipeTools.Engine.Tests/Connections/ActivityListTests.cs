using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Tests.Connections;

public sealed class ActivityListTests
{
    /// <summary>A list of .NET is the reference. Places that were freed are reused.</summary>
    [Fact]
    public void The_least_recently_active_connection_is_the_same_as_in_a_list()
    {
        Random random = new(15);
        ActivityList list = new();
        LinkedList<Connection> expected = new();
        for (int i = 0; i < 20_000; i++)
        {
            int step = random.Next(4);
            if (step == 0 || expected.Count == 0)
            {
                Connection added = new();
                list.Add(added);
                expected.AddLast(added);
            }
            else
            {
                Connection one = expected.ElementAt(random.Next(Math.Min(expected.Count, 50)));
                expected.Remove(one);
                if (step == 1)
                {
                    list.Remove(one);
                }
                else
                {
                    list.MoveToNewest(one);
                    expected.AddLast(one);
                }
            }

            Assert.Same(expected.First?.Value, list.Oldest);
        }
    }
}

using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>The n-th behavior of a sequence.</summary>
public sealed class BehaviorSequenceTests
{
    private static readonly ServerBehavior[] Three = [ServerBehavior.ResetOnAccept, ServerBehavior.NeverAnswer, ServerBehavior.HttpJson];

    [Fact]
    public void The_last_behavior_repeats() => Assert.Equal([.. Three, ServerBehavior.HttpJson, ServerBehavior.HttpJson], Take(new BehaviorSequence(Three, loop: false, null, 1), 5));

    [Fact]
    public void In_a_loop_the_first_behavior_follows_the_last() => Assert.Equal([.. Three, .. Three, ServerBehavior.ResetOnAccept], Take(new BehaviorSequence(Three, loop: true, null, 1), 7));

    [Fact]
    public void The_behavior_that_is_due_is_taken()
    {
        BehaviorSequence sequence = new(Three, loop: false, 0.5, 3);
        for (int i = 0; i < 100; i++)
            Assert.Equal(sequence.Current, sequence.Take());
    }

    [Fact]
    public void Only_the_end_of_a_sequence_is_constant()
    {
        BehaviorSequence sequence = new(Three, loop: false, null, 1);
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ =>
        {
            bool isConstant = sequence.IsConstant;
            sequence.Take();
            return isConstant;
        }));
        Assert.False(new BehaviorSequence(Three, loop: true, null, 1).IsConstant);
        Assert.False(new BehaviorSequence(Three, loop: false, 0.5, 1).IsConstant);
        Assert.True(new BehaviorSequence([ServerBehavior.Refuse], loop: false, null, 1).IsConstant);
    }

    [Fact]
    public void The_same_seed_makes_the_same_choices()
    {
        ServerBehavior[] drawn = Take(new BehaviorSequence(Three, loop: false, 0.2, 7), 1000);
        Assert.Equal(drawn, Take(new BehaviorSequence(Three, loop: false, 0.2, 7), 1000));
        Assert.NotEqual(drawn, Take(new BehaviorSequence(Three, loop: false, 0.2, 8), 1000));
        Assert.InRange(drawn.Count(b => b != ServerBehavior.HttpJson), 150, 250);
        Assert.InRange(drawn.Count(b => b == ServerBehavior.ResetOnAccept), 70, 130); // the two faults are equally likely
    }

    /// <summary>A repeated run must be the same after the runtime was updated, too.</summary>
    [Fact]
    public void The_choices_of_a_seed_never_change() =>
        Assert.Equal("...R.R.....R....R.R.", string.Concat(Take(new BehaviorSequence([ServerBehavior.ResetAfterRequest, ServerBehavior.HttpJson], false, 0.3, 7), 20).Select(b => b == ServerBehavior.HttpJson ? '.' : 'R')));

    [Theory]
    [InlineData(0.0, ServerBehavior.HttpJson)]
    [InlineData(1.0, ServerBehavior.ResetOnAccept)]
    public void Probabilities_of_0_and_1_are_certain(double probability, ServerBehavior always) =>
        Assert.All(Take(new BehaviorSequence([ServerBehavior.ResetOnAccept, ServerBehavior.HttpJson], false, probability, 1), 100), drawn => Assert.Equal(always, drawn));

    [Fact]
    public void Threads_share_one_sequence_and_each_step_is_taken_once()
    {
        BehaviorSequence sequence = new(Three, loop: true, null, 1);
        int[] counts = new int[Enum.GetValues<ServerBehavior>().Length];
        Parallel.For(0, 3000, _ => Interlocked.Increment(ref counts[(int)sequence.Take()]));
        Assert.All(Three, behavior => Assert.Equal(1000, counts[(int)behavior]));
    }

    private static ServerBehavior[] Take(BehaviorSequence sequence, int count) => [.. Enumerable.Range(0, count).Select(_ => sequence.Take())];
}

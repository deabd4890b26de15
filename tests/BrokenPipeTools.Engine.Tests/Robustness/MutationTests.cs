using System.Diagnostics;
using System.Globalization;
using BrokenPipeTools.Testing;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// A run with a fixed seed that takes a few seconds. For a longer run set MUTATION_RUNS to the number of random captures. To repeat a failure, set
/// MUTATION_SEED to the seed that it reports.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_bit_flipped_and_every_extreme_byte()
    {
        foreach ((byte[] seed, int n) in Mutation.Seeds.Select((s, i) => (s, i)))
        {
            int step = Math.Max(1, seed.Length / 150); // small captures byte by byte, large ones in steps that differ from field widths
            for (int at = 0; at < seed.Length; at += step)
            {
                byte whole = seed[at];
                foreach (byte value in new byte[] { 0, 0xFF, 0x7F, 0x80, (byte)(whole ^ 1), (byte)(whole ^ 0x10) }.Distinct().Where(value => value != whole))
                {
                    byte[] damaged = [.. seed];
                    damaged[at] = value;
                    Mutation.Run(damaged, Mutation.Frames[n], at, $"seed capture {n}, byte {at} = {value}");
                }
            }
        }
    }

    [Fact]
    public void Every_truncation()
    {
        foreach ((byte[] seed, int n) in Mutation.Seeds.Select((s, i) => (s, i)))
        {
            for (int length = 0; length < seed.Length; length += Math.Max(1, seed.Length / 200))
                Mutation.Run(seed[..length], Mutation.Frames[n], length, $"seed capture {n} cut to {length}");
        }
    }

    [Fact]
    public void Random_splices_and_other_damage()
    {
        int first = TestSetting.Number("MUTATION_SEED") ?? 1;
        int runs = TestSetting.Number("MUTATION_SEED") is null ? TestSetting.Number("MUTATION_RUNS") ?? 20_000 : 1;
        Slowest slowest = new();
        Parallel.For(first, first + runs, i =>
        {
            Random random = new(i);
            int seed = random.Next(Mutation.Seeds.Count);
            (byte[] damaged, int from) = Mutation.Damage(Mutation.Seeds[seed], random);
            long began = Stopwatch.GetTimestamp();
            Mutation.Run(damaged, Mutation.Frames[seed], from, $"MUTATION_SEED={i}");
            slowest.Take(Stopwatch.GetElapsedTime(began), i);
        });
        output.WriteLine($"{runs} captures, the slowest took {slowest.Time.TotalMilliseconds:F0} ms (MUTATION_SEED={slowest.Seed})");
    }

    private sealed class Slowest
    {
        private readonly Lock _lock = new();

        public TimeSpan Time { get; private set; }

        public int Seed { get; private set; }

        public void Take(TimeSpan time, int seed)
        {
            lock (_lock)
            {
                if (time > Time)
                    (Time, Seed) = (time, seed);
            }
        }
    }
}

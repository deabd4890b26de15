using System.Globalization;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// A seeded run in a few seconds. For a longer one set MUTATION_RUNS to the number of random captures and, to repeat one,
/// MUTATION_SEED to the seed that the failure names.
/// </summary>
public sealed class MutationTests
{
    [Fact]
    public void Every_bit_flipped_and_every_extreme_byte()
    {
        foreach ((byte[] seed, int n) in Mutation.Seeds.Select((s, i) => (s, i)))
        {
            int step = Math.Max(1, seed.Length / 150); // small ones byte by byte, the rest in steps that differ from field widths
            for (int at = 0; at < seed.Length; at += step)
            {
                byte whole = seed[at];
                foreach (byte value in new byte[] { 0, 0xFF, 0x7F, 0x80, (byte)(whole ^ 1), (byte)(whole ^ 0x10) }.Distinct().Where(value => value != whole))
                {
                    byte[] damaged = [.. seed];
                    damaged[at] = value;
                    Mutation.Run(damaged, $"seed capture {n}, byte {at} = {value}");
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
                Mutation.Run(seed[..length], $"seed capture {n} cut to {length}");
        }
    }

    [Fact]
    public void Splices_and_worse_at_random()
    {
        int runs = Number("MUTATION_RUNS") ?? 20_000;
        int first = Number("MUTATION_SEED") ?? 1;
        for (int i = 0; i < (Number("MUTATION_SEED") is null ? runs : 1); i++)
        {
            Random random = new(first + i);
            Mutation.Run(Mutation.Damage(Mutation.Seeds[random.Next(Mutation.Seeds.Count)], random), $"MUTATION_SEED={first + i}");
        }
    }

    /// <summary>The number in an environment variable; null if there is none.</summary>
    internal static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

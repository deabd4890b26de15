using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tests.Primitives;

public sealed class SimilarNameTests
{
    private static readonly string[] Causes = Enum.GetNames<Cause>();

    [Theory]
    [InlineData("MidleboxReset", "MiddleboxReset")] // a character is missing
    [InlineData("IdleTimeoutt", "IdleTimeout")] // one is too many
    [InlineData("SilentDrob", "SilentDrop")] // one is wrong
    [InlineData("HaflClose", "HalfClose")] // two are exchanged
    [InlineData("healthprobe", "HealthProbe")]
    [InlineData("idletimout", "IdleTimeout")]
    [InlineData("Foo", null)]
    [InlineData("*Reset", null)]
    [InlineData("3", null)]
    [InlineData("", null)]
    public void A_misspelled_word_has_the_name_that_was_meant(string word, string? name) => Assert.Equal(name, SimilarName.Find(word, Causes));

    [Fact]
    public void Each_name_with_one_mistake_is_found_again()
    {
        foreach (string cause in Causes)
        {
            for (int i = 0; i < cause.Length; i++)
            {
                Assert.Equal(cause, SimilarName.Find(cause.Remove(i, 1), Causes));
                Assert.Equal(cause, SimilarName.Find(cause.Insert(i, "x"), Causes));
            }
        }
    }

    [Fact]
    public void A_long_word_is_not_compared() => Assert.Null(SimilarName.Find(new string('x', 1 << 20), [new string('x', 1 << 20), "x"]));

    [Fact]
    public void The_description_has_the_similar_name_only_if_there_is_one()
    {
        Assert.Equal("unknown shell 'bahs'; similar: bash; valid: bash, zsh", SimilarName.Describe("shell", "bahs", ["bash", "zsh"]));
        Assert.Equal("unknown shell 'cmd.exe'; valid: bash, zsh", SimilarName.Describe("shell", "cmd.exe", ["bash", "zsh"]));
    }
}

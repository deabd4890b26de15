namespace BrokenPipeTools.Capture.Text;

/// <summary>A word that the rows of one side began with, such as <c>Request</c>: the other side hardly sends it.</summary>
/// <param name="Word">The word.</param>
/// <param name="Side">The side.</param>
/// <param name="Next">The one that was added before it.</param>
internal sealed record RowWord(string Word, int Side, RowWord? Next)
{
    private const int MaxLength = 20;

    /// <summary>The number of words that a plan stores.</summary>
    private const int MaxWords = 24;

    /// <summary>The first word of a row, without the numbers in it.</summary>
    public static string Of(ReadOnlySpan<char> info)
    {
        info = info.TrimStart();
        int length = 0;
        while (length < info.Length && length < MaxLength && (char.IsAsciiLetter(info[length]) || info[length] is '<' or '>' or '/' or '-' or '_'))
            length++;
        return info[..length].ToString();
    }

    /// <summary>Whether only a certain side has used a word.</summary>
    public static bool IsOnlyOf(RowWord? words, string word, int side) => Has(words, word, side) && !Has(words, word, side ^ 1);

    /// <summary>Adds a word, if it is not there yet.</summary>
    public static RowWord? Add(RowWord? words, string word, int side) =>
        word.Length == 0 || Has(words, word, side) || Count(words) >= MaxWords ? words : new RowWord(word, side, words);

    private static bool Has(RowWord? words, string word, int side)
    {
        for (; words is not null; words = words.Next)
        {
            if (words.Side == side && words.Word == word)
                return true;
        }

        return false;
    }

    private static int Count(RowWord? words)
    {
        int count = 0;
        for (; words is not null; words = words.Next)
            count++;
        return count;
    }
}

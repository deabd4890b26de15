namespace BrokenPipeTools.Capture.Text;

/// <summary>A word at the beginning of rows of one side, such as Request. The other side probably never sends it.</summary>
/// <param name="Word">The word.</param>
/// <param name="Side">The side that has used the word.</param>
/// <param name="Next">The word that was added before this one.</param>
internal sealed record RowWord(string Word, int Side, RowWord? Next)
{
    private const int MaxLength = 20;

    /// <summary>The most words that a plan stores.</summary>
    private const int MaxWords = 24;

    /// <summary>Returns the first word of a row, without digits.</summary>
    public static string Of(ReadOnlySpan<char> info)
    {
        info = info.TrimStart();
        int length = 0;
        while (length < info.Length && length < MaxLength && (char.IsAsciiLetter(info[length]) || info[length] is '<' or '>' or '/' or '-' or '_'))
            length++;
        return info[..length].ToString();
    }

    /// <summary>Returns whether a side, and only that side, has used a word.</summary>
    public static bool IsOnlyOf(RowWord? words, string word, int side) => Has(words, word, side) && !Has(words, word, side ^ 1);

    /// <summary>Adds a word of a side, unless it is stored already.</summary>
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

namespace BrokenPipeTools.Capture.Text;

/// <summary>A word at the begin of rows of one side, such as Request: the other side probably never sends it.</summary>
/// <param name="Word">The word.</param>
/// <param name="Side">The side.</param>
/// <param name="Next">The word that was added before it.</param>
internal sealed record RowWord(string Word, int Side, RowWord? Next)
{
    private const int MaxLength = 20;

    /// <summary>The number of words that a plan stores.</summary>
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

    /// <summary>Returns whether only one side has used a word.</summary>
    public static bool IsOnlyOf(RowWord? words, string word, int side) => Has(words, word, side) && !Has(words, word, side ^ 1);

    /// <summary>Adds a word, unless it is there already.</summary>
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

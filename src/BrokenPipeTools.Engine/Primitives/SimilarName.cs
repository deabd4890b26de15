namespace BrokenPipeTools.Primitives;

/// <summary>Finds the name that was probably meant by a misspelled word, and describes an unknown word.</summary>
internal static class SimilarName
{
    /// <summary>The most characters of a word that are compared. Longer words are not misspelled names.</summary>
    private const int LongestWord = 64;

    /// <summary>A name is similar if at most one of so many of its characters is wrong.</summary>
    private const int CharactersPerMistake = 3;

    /// <summary>Describes a word that is none of the valid names: with the similar name, if there is one, and all valid names.</summary>
    /// <param name="kind">The kind of thing that the names mean, such as cause.</param>
    /// <param name="word">The word, in the form in which it may be displayed.</param>
    /// <param name="names">The valid names.</param>
    public static string Describe(string kind, string? word, IReadOnlyCollection<string> names) =>
        $"unknown {kind} '{word}'; {Hint(word, names)}valid: {string.Join(", ", names)}";

    /// <summary>Returns "similar: NAME; "; empty if no name is similar.</summary>
    public static string Hint(string? word, IEnumerable<string> names) => Find(word ?? "", names) is { } name ? $"similar: {name}; " : "";

    /// <summary>Returns the most similar name; null if none is similar. Case does not matter.</summary>
    public static string? Find(string word, IEnumerable<string> names)
    {
        if (word.Length is 0 or > LongestWord)
            return null;
        (string Name, int Mistakes)? nearest = null;
        foreach (string name in names.Where(name => name.Length <= LongestWord))
        {
            int mistakes = Mistakes(word.ToUpperInvariant(), name.ToUpperInvariant());
            if (mistakes <= Math.Max(1, name.Length / CharactersPerMistake) && mistakes < name.Length && (nearest is null || mistakes < nearest.Value.Mistakes))
                nearest = (name, mistakes);
        }

        return nearest?.Name;
    }

    /// <summary>
    /// Counts the characters that are missing, too many, wrong, or exchanged with the next one: the optimal string alignment distance (Damerau 1964,
    /// Wagner and Fischer 1974).
    /// </summary>
    private static int Mistakes(string word, string name)
    {
        int[,] count = new int[word.Length + 1, name.Length + 1];
        for (int i = 0; i <= word.Length; i++)
        {
            for (int j = 0; j <= name.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    count[i, j] = i + j;
                    continue;
                }

                int wrong = word[i - 1] == name[j - 1] ? 0 : 1;
                count[i, j] = Math.Min(Math.Min(count[i - 1, j] + 1, count[i, j - 1] + 1), count[i - 1, j - 1] + wrong);
                if (i > 1 && j > 1 && word[i - 1] == name[j - 2] && word[i - 2] == name[j - 1])
                    count[i, j] = Math.Min(count[i, j], count[i - 2, j - 2] + 1);
            }
        }

        return count[word.Length, name.Length];
    }
}

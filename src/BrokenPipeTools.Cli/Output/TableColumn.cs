namespace BrokenPipeTools.Cli.Output;

/// <summary>A column of a table for people.</summary>
/// <param name="Title">Its heading. A table without any has no heading.</param>
/// <param name="Width">In characters; a longer value pushes the rest of its line to the right. 0 for free text in the last column, which may have any length.</param>
/// <param name="Value">Its text.</param>
/// <param name="Right">Whether the text is aligned to the right, as numbers are.</param>
internal sealed record TableColumn<T>(string Title, int Width, Func<T, string> Value, bool Right = false)
{
    /// <summary>The text, as wide as the column.</summary>
    public string Pad(string text) => Right ? text.PadLeft(Width) : text.PadRight(Width);
}

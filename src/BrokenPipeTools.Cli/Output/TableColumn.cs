namespace BrokenPipeTools.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading. A table whose columns have no titles has no heading.</param>
/// <param name="Width">Its width in characters; a longer value moves the rest of its line to the right. 0 for free text in the last column, which may
/// have any length.</param>
/// <param name="Value">Returns its text.</param>
/// <param name="Right">Whether the text is aligned to the right, as numbers are.</param>
internal sealed record TableColumn<T>(string Title, int Width, Func<T, string> Value, bool Right = false)
{
    /// <summary>Returns the text, padded to the width of the column.</summary>
    public string Pad(string text) => Right ? text.PadLeft(Width) : text.PadRight(Width);
}

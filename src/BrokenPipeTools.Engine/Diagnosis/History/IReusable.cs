namespace BrokenPipeTools.Diagnosis.History;

/// <summary>An entry of a table whose object is reused for another key.</summary>
internal interface IReusable
{
    /// <summary>Clears the state.</summary>
    void Clear();
}

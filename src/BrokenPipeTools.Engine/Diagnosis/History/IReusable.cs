namespace BrokenPipeTools.Diagnosis.History;

/// <summary>An entry whose room is used again for another key.</summary>
internal interface IReusable
{
    /// <summary>Clears the state.</summary>
    void Clear();
}

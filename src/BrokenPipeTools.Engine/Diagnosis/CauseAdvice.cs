using BrokenPipeTools.Diagnosis.Rules;

namespace BrokenPipeTools.Diagnosis;

/// <summary>The advice for a cause.</summary>
internal static class CauseAdvice
{
    /// <summary>Returns the advice of a cause.</summary>
    public static string Of(Cause cause) => CauseCatalog.All.First(rule => rule.Cause == cause).Advice;
}

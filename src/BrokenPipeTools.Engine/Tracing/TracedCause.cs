using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Tracing;

/// <summary>A cause, how certain it is, and the sentence that gives the reason.</summary>
internal readonly record struct TracedCause(Cause Cause, Confidence Confidence, string Reason = "");

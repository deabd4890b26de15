using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Tracing;

/// <summary>A cause, its confidence, and a sentence with the reason.</summary>
internal readonly record struct TracedCause(Cause Cause, Confidence Confidence, string Reason = "");

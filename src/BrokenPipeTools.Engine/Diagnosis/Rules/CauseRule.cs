using System.Text;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>A rule for one cause, with the evidence and the explanation. <see cref="CauseCatalog"/> has the order in which the rules are tried.</summary>
internal abstract class CauseRule
{
    private byte[]? _adviceUtf8;

    /// <summary>The public name of the cause.</summary>
    public abstract Cause Cause { get; }

    /// <summary>One sentence about the cause. The table of causes in the help consists of these.</summary>
    public abstract string Summary { get; }

    /// <summary>The steps to take; empty if there is nothing to do.</summary>
    public abstract string Advice { get; }

    /// <summary>The steps to take for this connection: <see cref="Advice"/>, unless the facts require other steps.</summary>
    public virtual string AdviceFor(CloseFacts facts) => Advice;

    /// <summary><see cref="Advice"/> in UTF-8, encoded once because it is the same for every connection.</summary>
    public ReadOnlySpan<byte> AdviceUtf8 => _adviceUtf8 ??= Encoding.UTF8.GetBytes(Advice);

    /// <summary>The states that fit this cause; in other states the rule is not tried.</summary>
    public abstract IReadOnlyList<CloseState> States { get; }

    /// <summary>Returns how certain this cause is; null if it does not fit.</summary>
    public abstract Confidence? Judge(CloseFacts facts);

    /// <summary>Returns the end whose host had no socket for the connection any more, so that no program can make a call; -1 for none.</summary>
    public virtual int EndWithoutSocket(CloseFacts facts) => -1;

    /// <summary>Explains the event in one or two sentences, with frame numbers.</summary>
    public abstract Utf8Message Explain(CloseFacts facts);

    /// <summary>Returns the frames that prove the cause.</summary>
    public virtual IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [];

    /// <summary>Returns the other possible causes, the likeliest first, with the reason why the packets do not exclude them.</summary>
    public virtual IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => [];
}

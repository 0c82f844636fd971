using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Provision.Engine.State;

/// <summary>How deep JSON may be nested. Go reads ten thousand levels; we read as many as the stack of a thread-pool thread carries.</summary>
internal static class JsonLimits
{
    public const int MaxDepth = 10_000;

    public static readonly JsonReaderOptions Reader = new() { MaxDepth = MaxDepth };

    public static readonly JsonDocumentOptions Document = new() { MaxDepth = MaxDepth };

    /// <summary>Turns what would kill the process into an error that says why.</summary>
    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new JsonException("The value is nested too deeply.");
    }
}

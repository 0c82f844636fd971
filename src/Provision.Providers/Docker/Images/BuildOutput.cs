using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker.Images;

/// <summary>Listens to a builder: tells the steps on, keeps the last lines for an error, and takes note of the image's id.</summary>
internal sealed partial class BuildOutput(BuildSpec spec, IStepProgress progress) : IProgress<JSONMessage>
{
    private const int KeptLines = 20;
    private const int LongestLine = 400;

    private readonly Queue<string> _tail = [];
    private readonly StringBuilder _line = new();
    private string? _step;

    /// <summary>The id of the finished image; null until then.</summary>
    public string? ImageId { get; private set; }

    /// <summary>What went wrong; null while nothing did.</summary>
    public string? Error { get; private set; }

    public void Report(JSONMessage value)
    {
        if (value.Aux?.ExtensionData is { } aux && aux.TryGetValue("ID", out var id) && id?.ToString() is { } text && ImageReference.IsImageId(text))
        {
            ImageId = text;
        }

        if (value.Error?.Message is { Length: > 0 } error)
        {
            Error = Clean(error);
        }

        if (value.Stream is { Length: > 0 } stream)
        {
            Append(stream);
        }
        else if (value.Status is { Length: > 0 } status && value.ID is null)
        {
            AddLine(status);
        }
    }

    /// <summary>A whole line, as a program writes them.</summary>
    public void AddLine(string line)
    {
        var clean = Clean(line);
        if (clean.Length == 0)
        {
            return;
        }

        if (_tail.Count == KeptLines)
        {
            _tail.Dequeue();
        }

        _tail.Enqueue(clean);
        if (StepLine().Match(clean) is { Success: true } step)
        {
            var (done, total) = (Number(step.Groups["done"]), Number(step.Groups["total"]));
            _step = $"step {done}/{total}: {step.Groups["what"].Value}";
            if (!spec.Quiet)
            {
                progress.Report(_step, done, total);
            }
        }
    }

    /// <summary>The failure to throw: which step, why, and the builder's last words.</summary>
    public ProviderException Failed(string? reason, string? remedy = null)
    {
        Append("\n");
        var why = Error ?? Clean(reason ?? "the builder did not say why");
        var at = _step is null ? "" : $" at {_step}";
        var tail = _tail.Count == 0 ? "" : $"\nThe builder's last lines:\n{string.Join('\n', _tail.Select(line => "  " + line))}";
        return new ProviderException(
            ProviderFailure.Refused, $"Cannot build image '{spec.Name}': it failed{at}: {why}{tail}",
            remedy ?? "Correct the Dockerfile or the files it copies, and run again; finished steps come from the cache.", Remainder.Untouched.Value);
    }

    private void Append(string stream)
    {
        foreach (var sign in stream)
        {
            if (sign is '\n' or '\r')
            {
                AddLine(_line.ToString());
                _line.Clear();
            }
            else
            {
                _line.Append(sign);
            }
        }
    }

    private string Clean(string text)
    {
        var clean = spec.Mask.Apply(Control().Replace(text, "")).TrimEnd();
        return clean.Length > LongestLine ? clean[..LongestLine] + "…" : clean;
    }

    private static long Number(Group group) => long.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The engine's <c>Step 2/5 : RUN make</c> and BuildKit's <c>#7 [build 2/5] RUN make</c>.</summary>
    [GeneratedRegex(@"^(Step |#\d+ \[([^\]]* )?)(?<done>\d{1,6})/(?<total>\d{1,6})( : |\] )(?<what>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex StepLine();

    /// <summary>Colours and cursor movements, which would act on the terminal of whoever reads them.</summary>
    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|[\x00-\x08\x0b-\x1f\x7f]", RegexOptions.CultureInvariant)]
    private static partial Regex Control();
}

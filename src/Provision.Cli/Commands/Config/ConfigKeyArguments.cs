using System.CommandLine;
using Provision.Cli.Projects;

namespace Provision.Cli.Commands.Config;

/// <summary>The key of a setting, or with <c>--path</c> a place inside one.</summary>
internal sealed class ConfigKeyArguments
{
    private readonly Argument<string> _key = new("key") { Description = "The setting, such as students or provision:students" };
    private readonly Option<bool> _path = new("--path") { Description = "The key is a path into a setting, such as roster.students[0]" };

    public void AddTo(Command command)
    {
        command.Add(_key);
        command.Add(_path);
    }

    public ConfigPath Read(ParseResult parse, string project)
    {
        var text = parse.GetRequiredValue(_key);
        return parse.GetValue(_path) ? ConfigPath.Parse(text, project) : ConfigPath.Of(ConfigKey.Parse(text, project));
    }
}

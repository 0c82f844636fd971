using System.Collections.Immutable;
using Provision.Cli.Projects;

namespace Provision.Cli.Templating;

/// <summary>Writes rendered files: all of them or none, and over nothing that is there.</summary>
internal static class TemplateWriter
{
    /// <exception cref="WorkspaceException">A file is already there, or cannot be written.</exception>
    public static void Write(ProjectFile project, ImmutableArray<RenderedFile> files)
    {
        var conflicts = files.Select(file => file.Path).Where(Path.Exists).Select(project.Relative).ToArray();
        if (conflicts.Length > 0)
        {
            throw new WorkspaceException(TemplateDiagnostics.WouldOverwrite(conflicts));
        }

        var written = new List<string>();
        foreach (var file in files)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file.Path) ?? project.Folder);

                // Made by another process since the look above: left alone, as CreateNew fails then.
                using var stream = new FileStream(file.Path, FileMode.CreateNew, FileAccess.Write);
                written.Add(file.Path);
                using var writer = new StreamWriter(stream);
                writer.Write(file.Text);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                written.ForEach(File.Delete);
                throw new WorkspaceException(TemplateDiagnostics.CannotWrite(project.Relative(file.Path), exception.Message));
            }
        }
    }
}

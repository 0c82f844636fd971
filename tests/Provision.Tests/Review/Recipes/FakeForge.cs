using System.Collections.Specialized;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Provision.Tests.Review.Recipes;

/// <summary>What of the interfaces of GitHub and GitLab the recipes use, on 127.0.0.1: one repository, one request to merge, its comments in pages of two.</summary>
internal sealed class FakeForge : IDisposable
{
    public const string Token = "the-token-nobody-may-see";
    public const int Number = 7;
    private const int PageSize = 2;

    private readonly HttpListener _listener;
    private readonly Task _serving;

    public FakeForge()
    {
        (_listener, Address) = Listen();
        _serving = ServeAsync();
    }

    public string Address { get; }

    public string GitHub => Address + "github";

    public string GitLab => Address + "gitlab";

    /// <summary>The head that the request to merge has: owner and branch as the query names them, and the commit.</summary>
    public (string Label, string Sha) Head { get; set; }

    public List<(long Id, string Author, string Body)> Comments { get; } = [];

    public List<(string Sha, string State, string Context)> Statuses { get; } = [];

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    private static (HttpListener Listener, string Address) Listen()
    {
        // Another process may take the port before we do.
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            var listener = new HttpListener { Prefixes = { address } };
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
            }
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var text = await reader.ReadToEndAsync();
            var path = context.Request.Url?.AbsolutePath.Trim('/').Split('/') ?? [];
            var (code, answer) = IsAllowed(context.Request, path[0])
                ? Answer(context.Request.HttpMethod, path, context.Request.QueryString, text.Length > 0 ? JsonNode.Parse(text) : null)
                : (401, new JsonObject { ["message"] = "Bad credentials" });
            context.Response.StatusCode = code;
            context.Response.ContentType = "application/json";
            await using (var writer = new StreamWriter(context.Response.OutputStream))
            {
                await writer.WriteAsync(answer?.ToJsonString() ?? "");
            }
        }
    }

    private static bool IsAllowed(HttpListenerRequest request, string site) =>
        site == "github" ? request.Headers["Authorization"] == $"Bearer {Token}" : request.Headers["PRIVATE-TOKEN"] == Token;

    private (int Code, JsonNode? Body) Answer(string method, string[] path, NameValueCollection query, JsonNode? body) => (method, path) switch
    {
        ("GET", ["github", "repos", "lab", "stacks", "pulls"]) => (200, Pulls(query["head"], query["state"])),
        ("POST", ["github", "repos", "lab", "stacks", "statuses", var sha]) => (201, SetStatus(sha, body)),
        ("GET", ["github", "repos", "lab", "stacks", "issues", "7", "comments"]) => (200, Page(query["page"])),
        ("POST", ["github", "repos", "lab", "stacks", "issues", "7", "comments"]) => (201, Add("github-actions[bot]", body)),
        ("PATCH", ["github", "repos", "lab", "stacks", "issues", "comments", var id]) => Edit(id, body),
        ("GET", ["gitlab", "user"]) => (200, new JsonObject { ["username"] = "project_42_bot" }),
        ("GET", ["gitlab", "projects", "42", "merge_requests", "7", "notes"]) => (200, Page(query["page"])),
        ("POST", ["gitlab", "projects", "42", "merge_requests", "7", "notes"]) => (201, Add("project_42_bot", body)),
        ("PUT", ["gitlab", "projects", "42", "merge_requests", "7", "notes", var id]) => Edit(id, body),
        _ => (404, new JsonObject { ["message"] = "Not Found" }),
    };

    private JsonArray Pulls(string? head, string? state) =>
        head == Head.Label && state == "open" ? [new JsonObject { ["number"] = Number, ["head"] = new JsonObject { ["sha"] = Head.Sha } }] : [];

    private JsonObject SetStatus(string sha, JsonNode? body)
    {
        Statuses.Add((sha, (string?)body?["state"] ?? "", (string?)body?["context"] ?? ""));
        return [];
    }

    private JsonArray Page(string? page) =>
        [.. Comments.Skip((int.Parse(page ?? "1", System.Globalization.CultureInfo.InvariantCulture) - 1) * PageSize).Take(PageSize).Select(Json)];

    private JsonObject Add(string author, JsonNode? body)
    {
        var comment = (Id: 100 + Comments.Count, author, (string?)body?["body"] ?? "");
        Comments.Add(comment);
        return Json(comment);
    }

    private (int Code, JsonNode? Body) Edit(string id, JsonNode? body)
    {
        var at = Comments.FindIndex(comment => comment.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == id);
        if (at < 0)
        {
            return (404, null);
        }

        Comments[at] = Comments[at] with { Body = (string?)body?["body"] ?? "" };
        return (200, Json(Comments[at]));
    }

    private static JsonObject Json((long Id, string Author, string Body) comment) => new()
    {
        ["id"] = comment.Id,
        ["user"] = new JsonObject { ["login"] = comment.Author },
        ["author"] = new JsonObject { ["username"] = comment.Author },
        ["body"] = comment.Body,
    };
}

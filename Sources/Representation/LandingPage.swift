/// `GET /`: where everything is.
public struct LandingPage: Sendable {
    let version: String

    public init(version: String) { self.version = version }

    private static let links: [(path: String, what: String)] = [
        ("/zones", "every memory zone: free, watermarks, protection, headroom and margin of each kind of request"),
        ("/fragmentation", "free blocks by order with the kernel's own fragmentation indexes"),
        ("/oom-kills", "what the OOM killer did and why: victims, cause, cgroups; POST a log to /oom-kills/analyze"),
        ("/oom-kills/stream", "kills and stalls as they happen, as server-sent events"),
        ("/history", "the last minutes by the second, the last day by the quarter minute"),
        ("/oom-kills/stats", "events counted by cause, cgroup, unit or name, and whether the kernel counts the same"),
        ("/explain", "was it the OOM killer: by pid, container, unit or name, with the proof"),
        ("/diagnosis", "which request would fail first on this machine now, and why"),
        ("/processes", "who would be killed first, by badness"),
        ("/victims", "whom the kernel would kill now; POST /victims/what-if tells what other adjustments would do"),
        ("/leases", "what is protected, for whom and until when; DELETE /leases/{id} ends one"),
        ("/cgroups", "the memory cgroups, and how far each is from its limit"),
        ("/audit", "who has changed what, and who was refused"),
        ("/capabilities", "what this daemon may do here, and what is missing for what"),
        ("/policies", "rules that outlive processes: whom each matches; PUT /policies/NAME makes one"),
        ("/metrics", "all of it for Prometheus"),
        ("/-/healthy", "the daemon answers"),
        ("/-/ready", "the kernel log has been read to its end"),
        ("/openapi.yaml", "every route, parameter and member"),
    ]

    public var text: String {
        var table = TerminalTable([("PATH", .left), ("WHAT", .left)])
        for link in Self.links { table.add([link.path, link.what]) }
        return "oomwarden \(version)\n\n" + table.text
    }

    public var html: String {
        let rows = Self.links.map { "<tr><td><a href=\"\($0.path)\">\($0.path)</a></td><td>\($0.what)</td></tr>\n" }.joined()
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>oomwarden</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 52em; margin: 2em auto; padding: 0 1em }
            td { padding: .2em 1em .2em 0; vertical-align: top }
            small { opacity: .7 }
            </style>
            </head>
            <body>
            <h1>oomwarden <small>\(version)</small></h1>
            <p>Why did Linux kill my process, what will it kill next, and how do I keep it alive?</p>
            <table>
            \(rows)</table>
            <p><small>JSON by default; <code>?pretty</code> indents it, <code>Accept: text/plain</code> gives a table.</small></p>
            </body>
            </html>

            """
    }
}

import Support

/// A root with processes of the test's own: the files of a captured one, changed where the test needs it.
struct ProcessRoot: Sendable {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    var path: String { directory.path }

    struct Traits {
        var threadGroup: Int?
        var state = "S"
        var isKernelThread = false
        var adjustment = 0
        var cgroup = "/"
    }

    func add(_ pid: Int, _ traits: Traits = Traits()) throws {
        let flags = traits.isKernelThread ? 2_129_984 : 4_194_304
        let stat = "\(pid) (medium) \(traits.state) 99 102 102 0 -1 \(flags) 15407 0 0 0 1 46 0 0 20 0 1 0 345 64331776 15547 0\n"
        let memory = traits.isKernelThread || traits.state == "Z" ? "" : "VmRSS:\t62188 kB\nVmPTE:\t160 kB\nVmSwap:\t0 kB\n"
        let status =
            "Name:\tmedium\nState:\t\(traits.state) (of the test)\nTgid:\t\(traits.threadGroup ?? pid)\nPid:\t\(pid)\nPPid:\t99\n"
            + "Uid:\t0\t0\t0\t0\n" + memory + "Threads:\t1\nCapEff:\t0000000000000000\n"
        try write(stat, pid, "stat")
        try write(status, pid, "status")
        try write("\(traits.adjustment)\n", pid, "oom_score_adj")
        try write("788\n", pid, "oom_score")
        try write("0::\(traits.cgroup)\n", pid, "cgroup")
        try write("hog\0--secret=hunter2\0", pid, "cmdline")
    }

    func adjustment(of pid: Int) throws -> String {
        String(decoding: try directory.bytes("proc/\(pid)/oom_score_adj"), as: UTF8.self).trimmed
    }

    private func write(_ text: String, _ pid: Int, _ file: String) throws {
        try directory.write(Array(text.utf8), to: "proc/\(pid)/\(file)")
    }
}

extension String {
    fileprivate var trimmed: String { String(drop(while: { $0.isWhitespace }).prefix { !$0.isWhitespace }) }
}

/// What a cgroup stands for, by the names that init systems and container runtimes give: a unit, a container, a pod.
///
/// Nothing but the path is looked at, so a group of just such a name is taken for one. cgroup v1 and v2, and both drivers of
/// the runtimes (`cgroupfs` makes directories, `systemd` makes slices and scopes).
public struct CgroupIdentity: Hashable, Sendable {
    /// The innermost systemd unit that holds processes: `mysql.service`, `session-2.scope`.
    public let unit: String?
    /// The innermost slice above it: `system.slice`.
    public let slice: String?
    /// Whose manager the unit belongs to (`user@1000.service`); nil for the system's.
    public let user: Int?
    public let container: Container?
    /// Of a Kubernetes pod, with dashes as the API has it; static pods have 32 digits without.
    public let podUID: String?

    public struct Container: Hashable, Sendable {
        /// nil where the path does not tell which.
        public let runtime: Runtime?
        public let id: String

        public init(runtime: Runtime?, id: String) {
            self.runtime = runtime
            self.id = id
        }
    }

    public enum Runtime: String, CaseIterable, Hashable, Sendable {
        case docker, containerd, crio = "cri-o", podman, lxc
    }

    ///     /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a3f….slice/cri-containerd-4d5e….scope
    public init(of path: CgroupPath) {
        let parts = path.bytes.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        unit = parts.last {
            $0.hasSuffix(".service") || $0.hasSuffix(".scope") || $0.hasSuffix(".socket") || $0.hasSuffix(".mount")
        }
        slice = parts.last { $0.hasSuffix(".slice") }
        user = parts.lazy.compactMap(Self.user).first
        podUID = parts.lazy.compactMap(Self.pod).first
        let isPod = podUID != nil || parts.contains { $0 == "k8s.io" }
        var container: Container?
        for (index, part) in parts.enumerated() {
            let above = index > 0 ? parts[index - 1] : ""
            container = Self.container(part, below: above, isPod: isPod) ?? container
        }
        self.container = container
    }
}

extension CgroupIdentity {
    private static func user(_ part: String) -> Int? {
        guard part.hasPrefix("user@"), part.hasSuffix(".service") else { return nil }
        return Int(part.dropFirst(5).dropLast(8))
    }

    /// `pod0a3f…`, `kubepods-burstable-pod0a3f_….slice`, `kubepods-pod0a3f….slice:cri-containerd:4d5e…`
    private static func pod(_ part: String) -> String? {
        let name = part.prefix { $0 != ":" }
        let stem = name.hasSuffix(".slice") ? name.dropLast(6) : name
        let uid: Substring
        if stem.hasPrefix("pod") {
            uid = stem.dropFirst(3)
        } else if stem.hasPrefix("kube"), let start = stem.range(of: "-pod") {
            uid = stem[start...]
        } else {
            return nil
        }
        let text = String(uid.map { $0 == "_" ? "-" : $0 })
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        return digits.count == 32 && digits.allSatisfy(\.isHexDigit) ? text : nil
    }

    private static let prefixes: [(String, Runtime)] = [
        ("docker-", .docker), ("cri-containerd-", .containerd), ("nerdctl-", .containerd), ("containerd-", .containerd),
        ("crio-", .crio), ("libpod-", .podman),
    ]

    private static func container(_ part: String, below above: String, isPod: Bool) -> Container? {
        if let id = lxc(part, below: above) { return Container(runtime: .lxc, id: id) }
        let stem = part.hasSuffix(".scope") ? String(part.dropLast(6)) : part
        if let (runtime, id) = colons(stem) { return Container(runtime: runtime, id: id) }
        for (prefix, runtime) in prefixes where stem.hasPrefix(prefix) {
            // `crio-conmon-…` and `libpod-conmon-…` hold the monitor beside the container.
            if let id = identifier(stem.dropFirst(prefix.count)) { return Container(runtime: runtime, id: id) }
        }
        guard part == stem, let id = identifier(Substring(stem)) else { return nil }
        if above == "docker" { return Container(runtime: .docker, id: id) }
        if above == "libpod_parent" { return Container(runtime: .podman, id: id) }
        if above == "k8s.io" || above == "default" { return Container(runtime: .containerd, id: id) }
        return isPod ? Container(runtime: nil, id: id) : nil
    }

    /// `system.slice:docker:4d5e…`, a systemd name that a runtime without systemd took for a directory.
    private static func colons(_ part: String) -> (Runtime?, String)? {
        let pieces = part.split(separator: ":", omittingEmptySubsequences: false)
        guard pieces.count == 3, let id = identifier(pieces[2]) else { return nil }
        return (prefixes.first { $0.0.dropLast() == pieces[1] }?.1, id)
    }

    /// `/lxc/web`, `/lxc.payload.web`, `/lxc.payload/web`; `lxc.monitor.…` holds the monitor.
    private static func lxc(_ part: String, below above: String) -> String? {
        if above == "lxc" || above == "lxc.payload" { return part }
        let prefix = "lxc.payload."
        return part.hasPrefix(prefix) && part.count > prefix.count ? String(part.dropFirst(prefix.count)) : nil
    }

    /// 64 hexadecimal digits.
    private static func identifier(_ text: Substring) -> String? {
        text.utf8.count == 64 && text.utf8.allSatisfy(\.isHexDigit) ? String(text) : nil
    }
}

extension Substring {
    /// Where the text behind the last `needle` begins.
    fileprivate func range(of needle: String) -> String.Index? {
        var at = startIndex
        var found: String.Index?
        while at < endIndex {
            if self[at...].hasPrefix(needle) { found = index(at, offsetBy: needle.count) }
            at = index(after: at)
        }
        return found
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}

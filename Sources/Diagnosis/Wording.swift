public import Kernel

// The words for numbers in claims and summaries.

extension Bytes {
    /// `1340 KiB`, `17.4 MiB`, `1.5 GiB`: three digits at least, so that what is compared is told apart.
    public var words: String {
        guard kibibytes.magnitude >= 10_000 else { return "\(kibibytes) KiB" }
        let step = Double(Bytes(kibibytes: 1).count)
        let units = ["MiB", "GiB", "TiB", "PiB", "EiB"]
        var value = Double(kibibytes) / step
        var unit = 0
        while value.magnitude >= 1000, unit + 1 < units.count {
            value /= step
            unit += 1
        }
        return "\(decimal(value)) \(units[unit])"
    }

    /// For two that would look the same otherwise.
    var exactWords: String { "\(kibibytes) KiB" }

    /// The share of a whole in thousandths, 0 to 1000; 0 where there is no whole.
    func thousandths(of whole: Bytes) -> Int {
        guard whole.count > 0, count > 0 else { return 0 }
        return Int(min(Double(count) / Double(whole.count), 1) * 1000)
    }
}

/// One decimal below 100, cut off as in the tables beside it, none above; `value` is far below what an Int holds.
private func decimal(_ value: Double) -> String {
    let tenths = Int(value * 10)
    return value.magnitude >= 100 || tenths % 10 == 0 ? "\(Int(value.rounded()))" : "\(tenths / 10).\(abs(tenths % 10))"
}

/// `66 %`; rounded down, so that only all of it is 100 %.
func percent(_ thousandths: Int) -> String { "\(thousandths / 10) %" }

extension CgroupPath {
    /// `cgroup /box`; of a container `container 5d2f0d5b1c7a of pod 3f6c…`, as its path is longer than a line.
    var words: String {
        let identity = CgroupIdentity(of: self)
        let pod = identity.podUID.map { "pod \($0)" }
        guard let container = identity.container else { return pod ?? "cgroup \(text)" }
        return ["container \(container.id.prefix(12))", pod].compactMap { $0 }.joined(separator: " of ")
    }
}

extension OOMReport.Invoker {
    /// `kworker/u32:45 (19318)`
    var words: String { processID.map { "\(comm.text) (\($0.rawValue))" } ?? comm.text }
}

extension Victim {
    /// `postgres (4711)`; a line that has only one of the two is quoted as it is.
    var words: String {
        switch (comm, processID) {
        case (let comm?, let pid?): "\(comm.text) (\(pid.rawValue))"
        case (let comm?, nil): comm.text
        case (nil, let pid?): "process \(pid.rawValue)"
        case (nil, nil): "a process"
        }
    }
}

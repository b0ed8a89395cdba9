import Glibc

// libFuzzer's entry, compiled in one module with the sources of Kernel. FUZZ_TARGET names the parser.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}

/// Any bytes give a value or an error: a trap, a leak, a read out of bounds is what is looked for.
private let target: @Sendable ([UInt8]) -> Void = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = targets[name] else {
        print("fuzz: FUZZ_TARGET=\(name): expected one of \(targets.keys.sorted().joined(separator: ", "))")
        exit(2)
    }
    return target
}()

private let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "zoneinfo": parsing { text in
        let zoneInfo = try ZoneInfo(parsing: text)
        for zone in zoneInfo.zones { _ = (zone.counters, zone.pageSets) }
        for node in zoneInfo.nodes { _ = node.counters }
        _ = ZoneTypes(of: zoneInfo, vmStat: nil).names
    },
    "buddyinfo": parsing { _ = try BuddyInfo(parsing: $0).zones.map(\.free) },
    "meminfo": parsing { _ = try MemInfo(parsing: $0) },
    "vmstat": parsing { _ = try VMStat(parsing: $0) },
    "pagetypeinfo": parsing { _ = try PageTypeInfo(parsing: $0) },
    "pressure": parsing { _ = try Pressure(parsing: $0) },
    "status": parsing { _ = try ProcessStatus(parsing: $0) },
    "stat": parsing { _ = try ProcessStat(parsing: $0) },
    "cgroup": parsing { _ = try CgroupMembership(parsing: $0) },
    "log": { readLog($0) },
]

private func parsing(_ parse: @escaping @Sendable ([UInt8]) throws -> Void) -> @Sendable ([UInt8]) -> Void {
    { text in
        do { try parse(text) } catch is ParseError {} catch { preconditionFailure("an error of another kind: \(error)") }
    }
}

/// The first byte says into how many parts the log is cut: a line's end may be anywhere.
private func readLog(_ bytes: [UInt8]) {
    var parser = OOMLogParser()
    let part = Int(bytes.first ?? 0) + 1
    var reports = 0
    for start in stride(from: min(1, bytes.count), to: bytes.count, by: part * 16) {
        reports += parser.add(bytes[start..<min(start + part * 16, bytes.count)]).count
    }
    reports += parser.finish().count
    precondition(reports <= bytes.count, "more reports than bytes")
}

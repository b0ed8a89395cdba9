import Glibc
public import Kernel
import Synchronization

/// The five system-wide files of /proc, read on demand.
///
/// Floor invariant of Host: the only place that opens files; it does not judge and does not log.
/// The descriptors stay open and are read from offset 0 to the end of file at each call, which makes the kernel print anew.
public final class ProcFS: Sendable {
    public let root: String
    private let files: Mutex<Files>
    private let hostPageSize: PageSize

    /// - Parameter root: a directory that holds another machine's `proc`; empty for this machine.
    public init(root: String = "") {
        self.root = root
        hostPageSize = PageSize(bytes: max(sysconf(Int32(_SC_PAGESIZE)), 1))
        files = Mutex(Files(root: root))
    }

    /// One reading of the machine. Calls wait for each other: a reading takes less time than a second one would.
    public func readSnapshot() -> Snapshot {
        files.withLock { files in
            let takenAt = Timestamp.now
            var times: [Nanoseconds] = []
            times.reserveCapacity(Snapshot.Source.allCases.count)
            let zoneInfo = files.zoneInfo.read(&times) { (text) throws(ParseError) in try ZoneInfo(parsing: text) }
            let buddyInfo = files.buddyInfo.read(&times) { (text) throws(ParseError) in try BuddyInfo(parsing: text) }
            let memInfo = files.memInfo.read(&times) { (text) throws(ParseError) in try MemInfo(parsing: text) }
            let vmStat = files.vmStat.read(&times) { (text) throws(ParseError) in try VMStat(parsing: text) }
            let pressure = files.pressure.read(&times) { (text) throws(ParseError) in try Pressure(parsing: text) }
            let sources = Snapshot.Sources(
                zoneInfo: zoneInfo, buddyInfo: buddyInfo, memInfo: memInfo, vmStat: vmStat, pressure: pressure)
            return Snapshot(takenAt: takenAt, pageSize: pageSize(of: sources), sources: sources, readTimes: times)
        }
    }

    /// The free blocks by migrate type. The kernel holds each zone's lock while it prints them: only on request.
    public func readPageTypeInfo() -> Result<PageTypeInfo, SourceError> {
        var times: [Nanoseconds] = []
        var file = SourceFile(path: root + "/proc/pagetypeinfo", staysOpen: false)
        return file.read(&times) { (text) throws(ParseError) in try PageTypeInfo(parsing: text) }
    }

    private func pageSize(of sources: Snapshot.Sources) -> PageSize {
        guard !root.isEmpty, let vmStat = sources.vmStat.value, let memInfo = sources.memInfo.value else {
            return hostPageSize
        }
        return PageSize(of: vmStat, memInfo) ?? hostPageSize
    }
}

private struct Files: ~Copyable {
    var zoneInfo: SourceFile
    var buddyInfo: SourceFile
    var memInfo: SourceFile
    var vmStat: SourceFile
    var pressure: SourceFile

    /// The files of another machine's root may be replaced at any time: they are opened anew.
    init(root: String) {
        let stays = root.isEmpty
        zoneInfo = SourceFile(path: root + "/proc/zoneinfo", staysOpen: stays)
        buddyInfo = SourceFile(path: root + "/proc/buddyinfo", staysOpen: stays)
        memInfo = SourceFile(path: root + "/proc/meminfo", staysOpen: stays, printsAtOnce: true)
        vmStat = SourceFile(path: root + "/proc/vmstat", staysOpen: stays)
        pressure = SourceFile(path: root + "/proc/pressure/memory", staysOpen: stays, printsAtOnce: true)
    }
}

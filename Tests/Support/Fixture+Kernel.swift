public import Kernel

extension Fixture {
    public func zoneInfo() throws -> ZoneInfo { try ZoneInfo(parsing: bytes("proc/zoneinfo")) }
    public func buddyInfo() throws -> BuddyInfo { try BuddyInfo(parsing: bytes("proc/buddyinfo")) }
    public func memInfo() throws -> MemInfo { try MemInfo(parsing: bytes("proc/meminfo")) }
    public func vmStat() throws -> VMStat { try VMStat(parsing: bytes("proc/vmstat")) }
    public func pageTypeInfo() throws -> PageTypeInfo { try PageTypeInfo(parsing: bytes("proc/pagetypeinfo")) }

    /// The fixture as one reading of a machine, at a fixed time; pressure where it was captured.
    public func snapshot(pageSize: PageSize = .fourKiB) throws -> Snapshot {
        let pressure: Result<Pressure, SourceError> =
            has("proc/pressure/memory")
            ? .success(try Pressure(parsing: bytes("proc/pressure/memory"))) : .failure(.absent(path: "proc/pressure/memory"))
        return Snapshot(
            takenAt: Timestamp(unixNanoseconds: 1_790_000_000_250_000_000), pageSize: pageSize,
            sources: Snapshot.Sources(
                zoneInfo: .success(try zoneInfo()), buddyInfo: .success(try buddyInfo()), memInfo: .success(try memInfo()),
                vmStat: .success(try vmStat()), pressure: pressure))
    }
}

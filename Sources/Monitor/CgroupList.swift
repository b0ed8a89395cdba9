public import Diagnosis
// The first file of a target loads its modules: before Host, or zlib's headers take pthread_attr_t from Glibc for all files.
import Glibc
public import Host
public import Kernel

/// The memory cgroups of the machine. All are looked at for their use and limits; the rest is read for those on the page alone.
public struct CgroupList: Sendable {
    private let cgroups: MemoryCgroups

    public init(cgroups: MemoryCgroups) { self.cgroups = cgroups }

    /// - Throws: where there is no memory controller, or its files are not understood.
    public func readPage(by order: CgroupOrder, limit: Int) throws(SourceError) -> (groups: [CgroupReport], total: Int) {
        let all = CgroupReport.all(try cgroups.readAll())
        var page: [CgroupReport] = []
        for report in order.sorted(all).prefix(max(limit, 0)) { page.append(report.with(try cgroups.readRest(of: report.group))) }
        return (page, all.count)
    }
}

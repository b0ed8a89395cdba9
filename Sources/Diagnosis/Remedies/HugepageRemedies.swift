import Kernel

/// RAM is set aside as huge pages.
struct HugepageRemedies {
    let facts: ReportFacts
    let pool: HugePagePool
    let unused: Bytes

    var all: [Remedy] {
        let used = max(pool.total &- pool.free, 0)
        let back = pool.freeBytes
        let file = "/sys/kernel/mm/hugepages/hugepages-\(pool.size.kibibytes)kB/nr_hugepages"
        let node = pool.node.map {
            "/sys/devices/system/node/node\($0)/hugepages/hugepages-\(pool.size.kibibytes)kB/nr_hugepages"
        }
        let first = Remedy(
            title: "give back what is not used: \(back.words)",
            why:
                "\(pool.free) of \(pool.total) huge pages of \(pool.size.words) are free, and nothing but a program that asks for huge pages can use them",
            command: Command.write("\(used)", to: several ? node ?? file : file),
            risk: "a program that starts later and wants them does not get them")
        let boot = Remedy(
            title: "set the number where it lasts",
            why: "vm.nr_hugepages in /etc/sysctl.d, or hugepages= on the kernel's command line",
            command: "grep -rs nr_hugepages /etc/sysctl.conf /etc/sysctl.d; cat /proc/cmdline", risk: "none, it only reads")
        return back > .zero ? [first, boot] : [boot, ProtectionRemedies(facts: facts).protectOne].compactMap { $0 }
    }

    private var several: Bool { Set(facts.report.hugePages.filter { $0.total > 0 }.compactMap(\.node)).count > 1 }
}

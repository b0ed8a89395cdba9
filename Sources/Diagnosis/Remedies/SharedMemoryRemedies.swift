import Kernel

/// tmpfs files or shared memory.
struct SharedMemoryRemedies {
    let facts: ReportFacts

    var all: [Remedy] {
        let size = facts.use.whole.map { Bytes($0.count / 4).mebibytesUp } ?? 0
        return [
            Remedy(
                title: "find the files",
                why: "\(facts.use["shmem"].words) are files on tmpfs (/dev/shm, /run, /tmp), System V segments or memfds",
                command: "df -h -t tmpfs; du -xsh /dev/shm /run /tmp; ipcs -m -u", risk: "none, it only reads"),
            limit,
            facts.hasNoSwap
                ? Remedy(
                    title: "add swap: \(size) MiB", why: "pages of tmpfs can go nowhere else",
                    command: Command.swapFile(mebibytes: size),
                    risk: "slow where much of it is in use") : nil,
        ].compactMap { $0 }
    }

    /// No smaller than what may be on it: the kernel refuses that. Half of RAM is the default.
    ///
    /// Kernel: mm/shmem.c, `shmem_reconfigure()`.
    private var limit: Remedy? {
        guard let whole = facts.use.whole else { return nil }
        let used = facts.use["shmem"]
        let size = max(Bytes(whole.count / 4), used)
        let isPossible = size.count < whole.count / 2
        return Remedy(
            title: "limit the tmpfs",
            why:
                "a tmpfs may grow to half of RAM by default, each of them; findmnt says which is full. Smaller than what is on it "
                + "(\(used.words) at most) it cannot be made: delete files first"
                + (isPossible ? ", and put its path in the place of /dev/shm" : ", then: mount -o remount,size=… PATH"),
            command: "findmnt -t tmpfs -o TARGET,SIZE,USED"
                + (isPossible ? "; mount -o remount,size=\(size.mebibytesUp)M /dev/shm" : ""),
            risk: isPossible ? "programs that write there get \"no space left\"" : "none, it only reads")
    }
}

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
            size > 0
                ? Remedy(
                    title: "limit the tmpfs", why: "a tmpfs may grow to half of RAM by default, each of them",
                    command: "mount -o remount,size=\(size)M /dev/shm", risk: "programs that write there get \"no space left\"")
                : nil,
            facts.hasNoSwap
                ? Remedy(
                    title: "add swap: \(size) MiB", why: "pages of tmpfs can go nowhere else",
                    command: "fallocate -l \(size)M /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile",
                    risk: "slow where much of it is in use") : nil,
        ].compactMap { $0 }
    }
}

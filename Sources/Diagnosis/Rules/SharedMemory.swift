import Kernel

/// Files on a tmpfs, or shared memory, filled RAM: killing a process does not free them.
///
/// Kernel: mm/shmem.c. Their pages lie on the anonymous lists and can go only to swap.
enum SharedMemory {
    static func verdict(_ facts: ReportFacts) -> Verdict? {
        let shmem = facts.use["shmem"]
        guard !facts.isNotDry, let whole = facts.use.whole else { return nil }
        let share = shmem.thousandths(of: whole)
        // A process's swapped-out memory may be larger than what is left of it: with swap full only most of RAM is proof.
        guard share >= (facts.swapIsFull ? 600 : 400), shmem > facts.use.processes, shmem > facts.use.kernel else { return nil }
        var verdict = Verdict(
            .shmem, share >= 500 && facts.isProof ? .certain : .likely,
            because:
                "files on a tmpfs or shared memory held \(shmem.words)\(facts.shareWords(shmem)); killing a process does not free those"
        )
        verdict.deniedBy = facts.watermarkDenial()
        verdict.evidence =
            [
                facts.counterEvidence(["shmem"], "\(shmem.words) were tmpfs files and shared memory\(facts.shareWords(shmem))"),
                facts.anonymousEvidence,
            ]
            .compactMap { $0 } + facts.zoneEvidence(limit: 3) + facts.swapEvidence
        verdict.remedies = SharedMemoryRemedies(facts: facts).all
        return verdict
    }
}

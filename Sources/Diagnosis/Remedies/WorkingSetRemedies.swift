import Kernel

/// min_ttl_ms was not kept.
enum WorkingSetRemedies {
    static func all(_ facts: ReportFacts) -> [Remedy] {
        [
            Remedy(
                title: "protect the working set for a shorter time, or not at all",
                why:
                    "min_ttl_ms asks that pages used within that time are never reclaimed; 0 switches it off, 1000 is what desktops use",
                command: "cat /sys/kernel/mm/lru_gen/min_ttl_ms; echo 0 > /sys/kernel/mm/lru_gen/min_ttl_ms",
                risk: "instead of a kill the machine may thrash"),
            ProtectionRemedies(facts: facts).protectOne,
        ].compactMap { $0 }
    }
}

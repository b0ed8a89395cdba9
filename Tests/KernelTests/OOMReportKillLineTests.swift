import Testing

@testable import Kernel

/// Kill lines of every kernel.
@Suite struct OOMReportKillLineTests {
    func kill(_ line: String) -> KillLine? { KillLine(line.bytes) }

    func memory(_ total: Int, _ anonymous: Int, _ file: Int, _ shared: Int? = nil, _ tables: Int? = nil) -> Victim.Memory {
        Victim.Memory(
            total: Bytes(kibibytes: total), anonymous: Bytes(kibibytes: anonymous), file: Bytes(kibibytes: file),
            shared: shared.map { Bytes(kibibytes: $0) }, pageTables: tables.map { Bytes(kibibytes: $0) })
    }

    @Test func readsAKillOf2_4() {
        #expect(
            kill("Out of Memory: Killed process 1188 (exim).")
                == KillLine(message: .global, victim: Victim(processID: ProcessID(1188), comm: "exim")))
    }

    @Test(arguments: [
        ("Out of memory: ", KillMessage.global), ("No available memory (MPOL_BIND): ", .mempolicy),
        ("No available memory in cpuset: ", .cpuset),
    ])
    func readsAKillOf2_6_16(words: String, message: KillMessage) {
        let line = kill("\(words)Killed process 1188 (exim).")
        #expect(line?.message == message)
        #expect(line?.victim.comm == "exim")
    }

    @Test func messagesTellTheScope() {
        #expect(KillMessage.memcg.scope == .memcg)
        #expect(KillMessage.mempolicy.scope == .mempolicy)
        #expect(KillMessage.cpuset.scope == .cpuset)
        #expect(KillMessage.allocatingTask.scope == .global)
        #expect(kill("Killed process 12 (a)")?.message == nil)
    }

    @Test func readsABareKillOf2_6_20() {
        #expect(kill("Killed process 43 (child)")?.victim == Victim(processID: ProcessID(43), comm: "child"))
    }

    @Test func readsAKillOf2_6_33() {
        #expect(
            kill("Killed process 43 (child) vsz:100kB, anon-rss:40kB, file-rss:8kB")?.victim
                == Victim(processID: ProcessID(43), comm: "child", memory: memory(100, 40, 8)))
    }

    @Test func readsAKillOf2_6_36() {
        #expect(
            kill("Killed process 43 (child) total-vm:100kB, anon-rss:40kB, file-rss:8kB")?.victim.memory == memory(100, 40, 8))
    }

    @Test func readsAKillOf4_5() {
        #expect(
            kill("Killed process 43 (c) total-vm:100kB, anon-rss:40kB, file-rss:8kB, shmem-rss:4kB")?.victim.memory
                == memory(100, 40, 8, 4))
    }

    @Test func readsAKillOf5_6() {
        let line = kill(
            "Memory cgroup out of memory: Killed process 12 (a) total-vm:100kB, anon-rss:40kB, file-rss:8kB, shmem-rss:4kB, "
                + "UID:1000 pgtables:56kB oom_score_adj:-998")
        #expect(line?.message == .memcg)
        #expect(
            line?.victim
                == Victim(
                    processID: ProcessID(12), comm: "a", userID: 1000, scoreAdjustment: -998,
                    memory: memory(100, 40, 8, 4, 56)))
    }

    /// The user stands between the number and the name, where other parsers look for the name.
    @Test func readsAKillOfRHEL6() {
        #expect(
            kill("Killed process 62185, UID 48, (httpd) total-vm:732728kB, anon-rss:198916kB, file-rss:2288kB")?.victim
                == Victim(
                    processID: ProcessID(62185), comm: "httpd", userID: 48, memory: memory(732_728, 198_916, 2288)))
    }

    @Test func readsAKillOfRHEL7_9() {
        #expect(
            kill("Killed process 43 (my), UID), UID 27, total-vm:100kB, anon-rss:40kB, file-rss:8kB, shmem-rss:0kB")?.victim
                == Victim(processID: ProcessID(43), comm: "my), UID", userID: 27, memory: memory(100, 40, 8, 0)))
    }

    @Test(arguments: ["a) total-vm:1kB", "(sd-pam)", ") Z", "a b", ")", "runc:[2:INIT]"])
    func theNameEndsWhereItsFormatDoes(name: String) {
        let line = kill("Out of memory: Killed process 9 (\(name)) total-vm:100kB, anon-rss:40kB, file-rss:8kB")
        #expect(line?.victim.comm == CommandName(name.utf8))
        #expect(line?.victim.memory == memory(100, 40, 8))
    }

    @Test func aLineGluedToAnotherNamesItsOwnVictim() {
        let line = kill("Out of Memory: Killed process 12 (first). Out of Memory: Killed process 13 (second).")
        #expect(line?.victim == Victim(processID: ProcessID(12), comm: "first"))
    }

    @Test func whatIsCutOffIsNil() {
        let whole = "Out of memory: Killed process 9 (a) total-vm:100kB, anon-rss:40kB, file-rss:8kB, shmem-rss:4kB, UID:"
        #expect(kill(whole + "10")?.victim.userID == nil)
        #expect(kill(whole + "10 pgtables:5")?.victim.userID == 10)
        #expect(kill(whole + "10 pgtables:5")?.victim.memory.pageTables == nil)
        #expect(kill(whole + "10 pgtables:56kB oom_score_a0")?.victim.scoreAdjustment == nil)
        #expect(kill("Out of memory: Killed process 9 (a")?.victim == Victim(processID: ProcessID(9)))
        #expect(kill("Out of memory: Killed process 9 ")?.victim == Victim(processID: ProcessID(9)))
        #expect(kill("Out of memory: Killed process ") == nil)
    }

    @Test func aFaultThatCannotBeServedKillsWithoutANumber() {
        #expect(kill("VM: killing process ssh-agent")?.victim == Victim(processID: nil, comm: "ssh-agent"))
        #expect(kill("VM: killing process cc1(4711)")?.victim == Victim(processID: ProcessID(4711), comm: "cc1"))
        #expect(kill("VM: killing process a")?.message == .pageFault)
        #expect(kill("VM: killing process ") == nil)
    }

    @Test func aKillInsideAnotherTextIsRead() {
        let text = #""message": "Memory cgroup out of memory: Killed process 2025 (kubectl) total-vm:8kB, anon-rss:4kB","#
        let line = KillLine(embeddedIn: text.bytes)
        #expect(line?.message == .memcg)
        #expect(line?.victim.processID == ProcessID(2025))
        #expect(line?.victim.comm == "kubectl")
        #expect(KillLine(embeddedIn: "x Killed process 7 (a)".bytes)?.message == nil)
        #expect(KillLine(embeddedIn: "nobody".bytes) == nil)
    }

    @Test(arguments: [
        "Out of memory: OOM victim 12 (a) is already exiting. Skip killing the task", "Kill process 12 (a) sharing same memory",
        "Out of memory: Kill process 12 (a) score 5 or sacrifice child", "Killed process x (a)", "Out of memory",
        "OOM killer enabled.",
    ])
    func otherLinesAreNoKill(line: String) {
        #expect(kill(line) == nil)
    }
}

/// The line before, in the kernels that print two.
@Suite struct OOMReportKillChoiceLineTests {
    @Test(arguments: [
        ("Out of Memory: Kill process 4015 (py) score 1923 and children.", KillMessage.global),
        ("Out of memory: kill process 4015 (py) score 1923 or a child", .global),
        ("Memory cgroup out of memory: Kill process 4015 (py) score 1923 or sacrifice child", .memcg),
        ("Out of memory (oom_kill_allocating_task): Kill process 4015 (py) score 1923 or sacrifice child", .allocatingTask),
        ("No available memory (MPOL_BIND): kill process 4015 (py) score 1923 or a child", .mempolicy),
    ])
    func readsTheChoiceOfEveryEra(line: String, message: KillMessage) {
        #expect(
            KillChoiceLine(line.bytes)
                == KillChoiceLine(message: message, processID: ProcessID(4015), comm: "py", score: 1923))
    }

    @Test func aCutLineHasNoScore() {
        #expect(
            KillChoiceLine("Out of memory: Kill process 4015 (py".bytes)
                == KillChoiceLine(message: .global, processID: ProcessID(4015), comm: nil, score: nil))
        #expect(
            KillChoiceLine("Out of memory: Kill process 4015".bytes)
                == KillChoiceLine(message: .global, processID: ProcessID(4015), comm: nil, score: nil))
        #expect(KillChoiceLine("Kill process 4015 (py) sharing same memory".bytes) == nil)
    }

    @Test func theNameMayLookLikeItsEnd() {
        let line = KillChoiceLine("Out of memory: Kill process 4015 (a) score 1) score 22 or sacrifice child".bytes)
        #expect(line?.comm == "a) score 1")
        #expect(line?.score == 22)
    }
}

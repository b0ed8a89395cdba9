import Testing

@testable import Kernel

/// Rows of the table of tasks under the headers of every kernel.
@Suite struct OOMReportTaskTableTests {
    func task(_ header: String, _ row: String) -> TaskTable.Task? {
        TaskColumns(header.bytes)?.task(in: row.bytes, line: 7)
    }

    func guessed(_ row: String, _ release: KernelVersion? = nil) -> TaskTable.Task? {
        TaskColumns.guessed(from: row.bytes, release: release)?.task(in: row.bytes, line: 7)
    }

    @Test func readsARowOf2_6_25() {
        let task = task(
            "[ pid ]   uid  tgid total_vm      rss cpu oom_adj name", "[ 1234]    33  1233     4711      812   1     -17 apache2")
        #expect(task?.processID == ProcessID(1234))
        #expect(task?.userID == 33)
        #expect(task?.threadGroup == ProcessID(1233))
        #expect(task?.totalMemory == Pages(4711))
        #expect(task?.resident == Pages(812))
        #expect(task?.scoreAdjustment == -1000)
        #expect(task?.comm == "apache2")
        #expect(task?.line == 7)
    }

    /// Written as 5 the legacy number is 294, and the kernel keeps both.
    @Test func theScoreOf2_6_36WinsOverTheLegacyOne() {
        let task = task(
            "[ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name",
            "[ 1234]    33  1234     4711      812   1       5           300 a b")
        #expect(task?.scoreAdjustment == 300)
        #expect(task?.comm == "a b")
    }

    @Test func readsARowOf3_6() {
        let task = task(
            "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name",
            "[  390]     0   390    39012     6739      78       51             0 systemd-journal")
        #expect(task?.pageTablePages == Pages(78))
        #expect(task?.swapped == Pages(51))
    }

    @Test func tablesOf4_1AreOfTwoLevels() {
        let task = task(
            "[ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name",
            "[  390]     0   390    39012     6739      78       3       51             0 sed")
        #expect(task?.pageTablePages == Pages(81))
        #expect(task?.pageTables == nil)
    }

    @Test func readsARowOf4_19() {
        let task = task(
            "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
            "[  12399]     0 12399  1311306  1311056 10534912        0             0 a.out")
        #expect(task?.pageTables == Bytes(10_534_912))
        #expect(task?.pageTablePages == nil)
        #expect(task?.resident == Pages(1_311_056))
    }

    @Test func readsARowOf6_8() {
        let task = task(
            "[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name",
            "[    124]  1000   124     4460     2200     2029        1       170    57344        5          -250 eater")
        #expect(task?.anonymous == Pages(2029))
        #expect(task?.file == Pages(1))
        #expect(task?.shared == Pages(170))
        #expect(task?.pageTables == Bytes(57344))
        #expect(task?.swapped == Pages(5))
        #expect(task?.scoreAdjustment == -250)
    }

    @Test func aColumnOfAVendorIsSkipped() {
        let task = task(
            "[  pid  ]   uid  tgid total_vm      rss (01)nrss  pgtables_bytes swapents oom_score_adj name",
            "[   1011]     0  1011   220005     8589     1872   823296        2             1 node")
        #expect(task?.pageTables == Bytes(823296))
        #expect(task?.swapped == Pages(2))
    }

    @Test(arguments: ["a ] b", "(sd-pam)", " x", "1234", "[ 5]  6", "a\u{fc}", ""])
    func theNameIsTheRest(name: String) {
        let task = task(
            "[ pid ]   uid  tgid total_vm      rss cpu oom_adj name", "[ 1234]    33  1234     4711      812   1       0 \(name)")
        #expect(task?.comm == CommandName(name.utf8))
    }

    @Test(arguments: [
        "[  124.456789] usb 1-1: new device", "[    124]", "[    124]     0   124 ",
        "[ 1234]    33  1234     4711      812   1  ",
        "[ 1234]    33  1234     4711      812   1     900 sh", "[99999999999] 0 1 2 3 0 0 sh", "[  +0.0002] 1 2 3 4 5 6 sh", "",
    ])
    func otherLinesAreNoRow(line: String) {
        #expect(task("[ pid ]   uid  tgid total_vm      rss cpu oom_adj name", line) == nil)
        #expect(guessed(line) == nil)
    }

    @Test(arguments: ["[  pid  ]   uid  tgid total_vm      rss pgtables_bytes", "[ pid ] name", "[  124.45] uid name", ""])
    func aCutHeaderIsNone(line: String) {
        #expect(TaskColumns(line.bytes) == nil)
    }

    @Test func columnsAreGuessedByTheirNumber() {
        #expect(guessed("[ 1234]    33  1234     4711      812   1      15 sh")?.scoreAdjustment == 1000)
        #expect(guessed("[  390]     0   390    39012     6739      78       3       51       0 sed")?.swapped == Pages(51))
        #expect(guessed("[  124]  10   124   44   22   20   1   1   57344   5   -250 eater")?.pageTables == Bytes(57344))
        #expect(guessed("[  124]  10   124   44   22 23") == nil)
    }

    @Test func sevenColumnsAreGuessedByTheirSize() {
        let new = "[  12399]     0 12399  1311306  1311056 10534912        4             0 a.out"
        #expect(guessed(new)?.pageTables == Bytes(10_534_912))
        #expect(guessed(new)?.swapped == Pages(4))
        let old = "[  390]     0   390    39012     6739      78       51             0 sed"
        #expect(guessed(old)?.pageTablePages == nil)
        #expect(guessed(old)?.resident == Pages(6739))
        #expect(guessed(old, KernelVersion(3, 10))?.pageTablePages == Pages(78))
    }
}

import Kernel
import Testing

@Suite struct LogTextJournalTests {
    @Test func readsAnEntryOfTheKernel() throws {
        let log =
            #"{"_TRANSPORT":"kernel","__REALTIME_TIMESTAMP":"1765212691000001","SYSLOG_IDENTIFIER":"kernel","#
            + #""_SOURCE_MONOTONIC_TIMESTAMP":"17041319","PRIORITY":"4","MESSAGE":"a\u00e9 invoked oom-killer: order=0"}"#
        let line = try #require(readAll(log).first)
        #expect(line.words == "aé invoked oom-killer: order=0")
        #expect(line.transport == .journal)
        #expect(line.time == TimeSinceBoot(microseconds: 17_041_319))
        #expect(line.wallClock?.unixSeconds == 1_765_212_691)
        #expect(line.isFromKernel)
    }

    @Test func readsAMessageOfBytes() throws {
        let line = try #require(readAll(#"{"MESSAGE":[75, 255,98],"_TRANSPORT":"kernel"}"#).first)
        #expect(line.text == [75, 255, 98])
    }

    @Test func splitsARecordOfSeveralLines() {
        let log = #"{"MESSAGE":"active_anon:1 inactive_anon:2\n active_file:3 inactive_file:4","_TRANSPORT":"kernel"}"#
        #expect(readAll(log).map(\.words) == ["active_anon:1 inactive_anon:2", " active_file:3 inactive_file:4"])
    }

    @Test(arguments: [
        #"{"_TRANSPORT":"syslog","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"Out of memory: Killed process 1 (init)"}"#,
        #"{"_TRANSPORT":"kernel","SYSLOG_IDENTIFIER":"bash","MESSAGE":"Out of memory: Killed process 1 (init)"}"#,
        "_TRANSPORT=stdout\nMESSAGE=Out of memory: Killed process 1 (init)\n\n",
    ])
    func believesNoProgramThatCallsItselfTheKernel(_ log: String) throws {
        let line = try #require(readAll(log).first)
        #expect(!line.isFromKernel)
    }

    @Test func namesTheProgramOfAnEntry() throws {
        let log = #"{"_TRANSPORT":"syslog","SYSLOG_IDENTIFIER":"systemd-oomd","MESSAGE":"Killed /a due to memory pressure"}"#
        #expect(try #require(readAll(log).first).program == "systemd-oomd")
    }

    @Test(arguments: [
        "__CURSOR=s=1\n_TRANSPORT=kernel\nMESSAGE=Out of memory: Killed process 9 (x)\n_SOURCE_MONOTONIC_TIMESTAMP=5\n\n__CURSOR=s=2\n",
        "{\n\t\"_TRANSPORT\" : \"kernel\",\n\t\"MESSAGE\" : \"Out of memory: Killed process 9 (x)\",\n"
            + "\t\"_SOURCE_MONOTONIC_TIMESTAMP\" : \"5\"\n}\n",
    ])
    func readsAnEntryFieldByField(_ log: String) throws {
        for lines in [readAll(log), readIdly(Array(log.utf8))] {
            let line = try #require(lines.first { !$0.text.isEmpty && $0.transport == .journal })
            #expect(line.words == "Out of memory: Killed process 9 (x)")
            #expect(line.time == TimeSinceBoot(microseconds: 5))
            #expect(line.isFromKernel)
        }
    }

    @Test func unwrapsALineOfDocker() throws {
        let log =
            #"{"log":"[   17.041319] oom-kill:constraint=CONSTRAINT_NONE\n","stream":"stdout","time":"2025-12-08T17:51:31Z"}"#
        let line = try #require(readAll(log).first)
        #expect(line.words == "oom-kill:constraint=CONSTRAINT_NONE")
        #expect(line.transport == .json)
        #expect(line.time == TimeSinceBoot(microseconds: 17_041_319))
    }

    @Test func readsTheMessageOfAnIndentedEvent() throws {
        let log = "{\n  \"reason\": \"OOMKilling\",\n  \"message\": \"Killed process 9 (x) total-vm:4kB\",\n  \"count\": 1\n}\n"
        let line = try #require(readIdly(Array(log.utf8)).first { $0.transport == .json })
        #expect(line.words == "Killed process 9 (x) total-vm:4kB")
        #expect(line.number == 3)
    }
}

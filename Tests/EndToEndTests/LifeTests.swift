import Foundation
import Support
import Testing

/// Signals and systemd.
@Suite struct LifeTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func aStopAnswersWhatIsInFlight(signal: Int32) throws {
        let daemon = try DaemonProcess()
        let client = try daemon.client()
        client.send("POST /processes/1/protect HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n{")
        // It is known to be in flight once a later one has been answered.
        #expect(try daemon.get("/-/healthy").status == 200)
        let start = ProcessInfo.processInfo.systemUptime
        daemon.program.signal(signal)
        #expect(eventually(within: 5) { (try? daemon.client()) == nil })
        #expect(daemon.program.ending == nil)
        client.send("  }")
        let answer = try client.response()
        #expect(answer.status == 403)
        #expect(answer.headers["Connection"] == "close")
        #expect(try daemon.program.end(within: 5) == .exit(0))
        #expect(ProcessInfo.processInfo.systemUptime - start < 5)
        #expect(daemon.program.errors.wholeText().contains("notice: \(signal == SIGTERM ? "SIGTERM" : "SIGINT"): stopping"))
    }

    @Test func aStopDoesNotWaitForEver() throws {
        let daemon = try DaemonProcess()
        let client = try daemon.client()
        client.send("POST /processes/1/unprotect HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n{")
        #expect(try daemon.get("/-/healthy").status == 200)
        daemon.program.signal(SIGTERM)
        // 5 s for what is in flight, and a little for the rest.
        #expect(try daemon.program.end(within: 7) == .exit(0))
        #expect(client.isClosed())
    }

    @Test(arguments: [false, true])
    func systemdIsToldOfStartLifeAndStop(isAbstract: Bool) throws {
        let systemd = try NotifySocket(isAbstract: isAbstract)
        let daemon = try DaemonProcess(environment: ["NOTIFY_SOCKET": systemd.name, "WATCHDOG_USEC": "100000"])
        #expect(try systemd.next() == "READY=1")
        #expect(try daemon.get("/-/healthy").status == 200)
        #expect(try systemd.next() == "WATCHDOG=1")
        #expect(try systemd.next() == "WATCHDOG=1")
        daemon.program.signal(SIGTERM)
        var last = "WATCHDOG=1"
        while last == "WATCHDOG=1" { last = try systemd.next() }
        #expect(last == "STOPPING=1")
        #expect(try daemon.program.end(within: 5) == .exit(0))
    }

    @Test func aSystemdThatDoesNotListenIsNoReasonToEnd() throws {
        let daemon = try DaemonProcess(environment: ["NOTIFY_SOCKET": "/nowhere/socket"])
        #expect(eventually(within: 5) { daemon.log.contains { $0.contains("systemd was not told READY=1: ") } })
        #expect(try daemon.get("/-/healthy").status == 200)
    }
}

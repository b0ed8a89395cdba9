import Kernel
import MicroHTTP
import Monitor
import Testing

@testable import API

/// One status and one name for each cause.
@Suite struct RefusalTests {
    private static let process = ProcessID(4711)

    @Test func eachCauseHasItsOwnAnswer() {
        let identity = ProcessIdentity(bootID: "b", process: Self.process, startTime: ClockTicks(1))
        let table: [(ProcessError, Int, String)] = [
            (.noSuchProcess(Self.process), 404, "no_such_process"), (.gone(Self.process), 404, "process_gone"),
            (.isThread(ProcessID(4712), of: Self.process), 404, "is_thread"), (.initProcess, 409, "init_process"),
            (.kernelThread(Self.process), 409, "kernel_thread"), (.zombie(Self.process), 409, "zombie"),
            (.otherProcess(identity), 412, "other_process"),
            (.failed(.unreadable(path: "/proc/4711/stat", errno: 5)), 503, "source_unreadable"),
            (.failed(.absent(path: "/proc")), 503, "source_absent"),
        ]
        for (error, status, type) in table {
            let refusal = Refusal(of: error)
            #expect(refusal.status.code == status, "\(error)")
            #expect(refusal.type == type)
            #expect(!refusal.nextStep.isEmpty)
        }
    }

    /// To look, to open and to write are three rights.
    @Test(arguments: [
        (ProcessError.Refusal.Step.read, Int32(1), "CAP_SYS_PTRACE"), (.open, 13, "CAP_DAC_OVERRIDE"),
        (.write, 13, "CAP_SYS_RESOURCE"),
    ])
    func theKernelsNoNamesTheCapability(step: ProcessError.Refusal.Step, errno: Int32, capability: String) {
        let refusal = Refusal(of: ProcessError.refused(.init(process: Self.process, step: step, errno: errno)))
        #expect(refusal.status.code == 403)
        #expect(refusal.type == "missing_capability")
        #expect(refusal.detail.contains(capability))
        #expect(refusal.nextStep.contains(capability))
        #expect(refusal.detail.hasSuffix("nothing was changed"))
        for other in ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_RESOURCE"] where other != capability {
            #expect(!refusal.detail.contains(other))
        }
    }

    /// Paths and addresses of the machine are for the log.
    @Test func aClientIsNotToldPaths() {
        for error in [
            SourceError.unreadable(path: "/srv/root/proc/zoneinfo", errno: 13),
            .unreadable(path: "/srv/root/proc/zoneinfo", errno: 5),
            .absent(path: "/srv/root/proc/zoneinfo"),
            .malformed(path: "/srv/root/proc/zoneinfo", ParseError(source: "zoneinfo", line: 3, expected: "x", found: "y")),
        ] {
            let refusal = Refusal(unreadable: error)
            #expect(refusal.status.code == 503)
            #expect(refusal.detail.hasPrefix("zoneinfo could not be read: "))
            #expect(!(refusal.detail + refusal.nextStep).contains("/srv"))
        }
    }
}

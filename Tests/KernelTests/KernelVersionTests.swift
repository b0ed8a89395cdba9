import Kernel
import Testing

@Suite struct KernelVersionTests {
    @Test(arguments: [
        ("6.1.0-56-amd64\n", KernelVersion(6, 1)), ("2.6.32-754.el6.x86_64\n", KernelVersion(2, 6, 32)),
        ("2.6.13", KernelVersion(2, 6, 13)), ("7.2.13+deb14-amd64\n", KernelVersion(7, 2, 13)),
        ("3.0-ARCH\n", KernelVersion(3, 0)),
        ("6.18.44-fc-v669\n", KernelVersion(6, 18, 44)), ("5.9-rc1\n", KernelVersion(5, 9)),
        ("2.6.16.60\n", KernelVersion(2, 6, 16)),
    ])
    func readsWhatDistributionsPrint(text: String, version: KernelVersion) throws {
        #expect(try KernelVersion(parsing: Array(text.utf8)) == version)
    }

    @Test func comparesByNumberNotByText() {
        #expect(KernelVersion(5, 9) < KernelVersion(5, 10))
        #expect(KernelVersion(2, 6, 36) < KernelVersion(3, 0))
        #expect(KernelVersion(4, 8) > KernelVersion(4, 7, 10))
    }

    @Test(arguments: ["", "6", "6.", "v6.1", "\n6.1"])
    func refusesWhatIsNoVersion(text: String) {
        #expect(throws: ParseError.self) { try KernelVersion(parsing: Array(text.utf8)) }
    }

    @Test func saysWhatItFound() {
        #expect(throws: ParseError(source: "osrelease", line: 1, expected: "a version such as 6.1", found: "v6.1")) {
            try KernelVersion(parsing: Array("v6.1\n".utf8))
        }
    }
}

import Foundation
import Host
import Kernel
import Logging
import Support
import Testing

@testable import Monitor

/// Secrets and their holders, while the table changes under a running daemon.
@Suite struct CredentialsTests {
    private static let first = Array("0f1e2d3c4b5a69788796a5b4c3d2e1f0".utf8)

    @Test func aTokenCountsAsSoonAsItIsMadeAndUntilItIsRevoked() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o700)
        let credentials = try Credentials(
            first: Self.first, directory: directory.path, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(credentials.holder(of: Self.first) == Credentials.Holder(name: "admin", scopes: [.admin]))
        let secret = Array("oomw_1".utf8)
        #expect(credentials.holder(of: secret) == nil)
        let file = TokenTableFile(in: directory.path)
        let token = TokenTable.Token(
            name: "backup", scopes: ["read", "protect", "fly"], digest: try #require(SHA256Digest(of: secret)),
            createdAt: Timestamp(unixNanoseconds: 0))
        #expect(try file.update { $0.add(token) })
        #expect(credentials.holder(of: secret) == Credentials.Holder(name: "backup", scopes: [.read, .protect]))
        #expect(credentials.holder(of: Array("oomw_2".utf8)) == nil)
        #expect(try file.update { $0.remove("backup") })
        #expect(credentials.holder(of: secret) == nil)
        #expect(try file.update { $0.add(token) })
        #expect(credentials.holder(of: secret) != nil)
        chmod(file.path, 0o644)
        #expect(credentials.holder(of: secret) == nil, "a table that others can read gives nobody a right")
        #expect(credentials.holder(of: Self.first) != nil)
    }

    @Test func aTableThatCouldNotBeReadForWantOfDescriptorsIsReadAgain() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o700)
        let secret = Array("oomw_1".utf8)
        let credentials = try Credentials(
            first: Self.first, directory: directory.path, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let token = TokenTable.Token(
            name: "backup", scopes: ["read"], digest: try #require(SHA256Digest(of: secret)),
            createdAt: Timestamp(unixNanoseconds: 0))
        #expect(try TokenTableFile(in: directory.path).update { $0.add(token) })
        let isKnown = try withoutDescriptors(preparing: {}, { credentials.holder(of: secret) != nil })
        #expect(!isKnown)
        #expect(credentials.holder(of: secret) != nil)
    }

    /// Far more names than it keeps: each may act, and those that have waited are forgotten.
    @Test func theNumberOfBucketsIsBounded() {
        let rate = ActionRate(now: { Nanoseconds(0) })
        for index in 0..<1_000 { #expect(rate.take("name \(index)") == nil) }
        for _ in 0..<100 { #expect(rate.take("late") == nil) }
        #expect(rate.take("later") == Nanoseconds(100_000_000), "they share what is left over")
    }
}

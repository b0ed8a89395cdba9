import Foundation
import Kernel
import Support
import Testing

@testable import Host

/// `STATE/tokens`: its lines, and whom it is believed of.
@Suite struct TokenTableTests {
    /// FIPS 180-4's own example.
    private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func theDigestIsSHA256() throws {
        #expect(SHA256Digest(of: Array("abc".utf8))?.hex == Self.abc)
        let ours = try #require(SHA256Digest(hex: Self.abc))
        #expect(ours.isEqualInConstantTime(to: try #require(SHA256Digest(of: Array("abc".utf8)))))
        #expect(!ours.isEqualInConstantTime(to: try #require(SHA256Digest(of: Array("abd".utf8)))))
        #expect(SHA256Digest(hex: Self.abc.uppercased()) == nil)
        #expect(SHA256Digest(hex: String(Self.abc.dropLast())) == nil)
    }

    @Test func aLineIsNameScopesDigestAndTime() throws {
        let table = try TokenTable(parsing: Array("# head\n\ngrafana read,protect \(Self.abc) 1795612345\n".utf8))
        let token = try #require(table.tokens.first)
        #expect(token.name == "grafana")
        #expect(token.scopes == ["read", "protect"])
        #expect(token.digest.hex == Self.abc)
        #expect(token.createdAt == Timestamp(unixNanoseconds: 1_795_612_345_000_000_000))
        #expect(try TokenTable(parsing: table.text).text == table.text)
    }

    @Test(arguments: [
        ("a read", #"tokens:1: expected a name, scopes, a SHA-256 and a time, found "a read""#),
        ("a/b read \(abc) 1", #"tokens:1: expected a name of letters, digits, '-', '_' and '.', found "a/b""#),
        ("\na read abc 1", #"tokens:2: expected 64 hexadecimal digits, found "abc""#),
        ("a read \(abc) -1", #"tokens:1: expected seconds since 1970, found "-1""#),
        ("a read \(abc) 1\na read \(abc) 2", #"tokens:2: expected a name that no line before has, found "a""#),
    ])
    func aBrokenLineIsNamed(text: String, message: String) {
        #expect(throws: ParseError.self) { try TokenTable(parsing: Array(text.utf8)) }
        do { _ = try TokenTable(parsing: Array(text.utf8)) } catch { #expect(error.description == message) }
    }

    @Test func anyBytesAreATableOrAnError() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...200)).map { _ in UInt8.random(in: 0...255, using: &random) }
            do { _ = try TokenTable(parsing: bytes) } catch { #expect(error.line > 0) }
        }
    }

    @Test func itIsReplacedWhole() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o700)
        let file = TokenTableFile(in: directory.path)
        #expect(try file.read().tokens.isEmpty)
        let token = TokenTable.Token(
            name: "a", scopes: ["read"], digest: try #require(SHA256Digest(hex: Self.abc)),
            createdAt: Timestamp(unixNanoseconds: 0))
        let empty = FileStamp(of: file.path)
        #expect(try file.update { $0.add(token) })
        #expect(try !file.update { $0.add(token) }, "the name is taken")
        let one = FileStamp(of: file.path)
        #expect(one != empty)
        var status = stat()
        #expect(stat(file.path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(try file.update { $0.remove("a") })
        #expect(try !file.update { $0.remove("a") })
        #expect(FileStamp(of: file.path) != one)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["tokens"])
    }

    @Test func whatOthersMayReadOrReplaceIsNotBelieved() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o700)
        try directory.write(Array("a admin \(Self.abc) 1\n".utf8), to: "tokens")
        let file = TokenTableFile(in: directory.path)
        chmod(file.path, 0o640)
        #expect(throws: TokenFile.TokenError.self) { try file.read() }
        chmod(file.path, 0o600)
        #expect(try file.read().tokens.count == 1)
        chmod(directory.path, 0o770)
        #expect(throws: TokenFile.TokenError.self) { try file.read() }
        chmod(directory.path, 0o700)
        rename(file.path, directory.path + "/other")
        symlink(directory.path + "/other", file.path)
        #expect(throws: TokenFile.TokenError.self) { try file.read() }
    }
}

import Foundation
import Host
import Kernel
import Support
import Testing

@Suite struct LogFileTests {
    private static let read: [Compression] = [.gzip, .xz, .zstd]

    /// Longer than three chunks, and no two lines of it alike.
    private static let log: [UInt8] = Array((0..<40_000).map { "line \($0 &* 2_654_435_761)\n" }.joined().utf8)

    /// All that could be read, and what ended it.
    private func contents(_ bytes: [UInt8], name: String = "messages") throws -> (text: [UInt8], error: LogFileError?) {
        let directory = try TemporaryDirectory()
        try directory.write(bytes, to: name)
        return try contents(of: directory.path + "/" + name)
    }

    private func contents(of path: String) throws -> (text: [UInt8], error: LogFileError?) {
        var file = try LogFile(opening: path)
        var text: [UInt8] = []
        do {
            while let chunk = try file.readChunk() {
                #expect(!chunk.isEmpty && chunk.count <= LogFile.chunk.count)
                text += chunk
            }
        } catch { return (text, error) }
        return (text, nil)
    }

    @Test(arguments: [0, 1, 5, 6, 7, 262_144, 262_145])
    func readsAPlainFileOfAnyLength(count: Int) throws {
        let bytes = Array(Self.log.prefix(count))
        let found = try contents(bytes)
        #expect(found.text == bytes)
        #expect(found.error == nil)
    }

    @Test(arguments: read)
    func knowsAnArchiveByItsFirstBytes(compression: Compression) throws {
        let found = try contents(Archive.make(compression, of: Self.log), name: "messages.1")
        #expect(found.text == Self.log)
        #expect(found.error == nil)
    }

    @Test(arguments: read)
    func readsWhatCatPutBehindEachOther(compression: Compression) throws {
        let archive =
            Archive.make(compression, of: Self.log) + Archive.make(compression, of: []) + Archive.make(compression, of: [65, 10])
        let found = try contents(archive)
        #expect(found.text == Self.log + [65, 10])
        #expect(found.error == nil)
    }

    @Test(arguments: read)
    func givesOutWhatStandsBeforeTheCut(compression: Compression) throws {
        let archive = Archive.make(compression, of: Self.log)
        let cut = archive.count * 3 / 4
        let found = try contents(Array(archive.prefix(cut)))
        #expect(found.text.count > Self.log.count / 4)
        #expect(Self.log.starts(with: found.text))
        guard case .damaged(_, compression, let at, .truncated)? = found.error else {
            Issue.record("found \(String(describing: found.error))")
            return
        }
        #expect(at == cut)
        #expect(
            found.error?.description.hasSuffix(
                "byte \(cut): expected more of a \(compression.rawValue) file, found the end of the file") == true)
    }

    @Test(arguments: read)
    func namesThePlaceOfADamage(compression: Compression) throws {
        var archive = Archive.make(compression, of: Self.log)
        let place = archive.count / 2
        for index in place..<(place + 64) { archive[index] = ~archive[index] }
        let found = try contents(archive)
        #expect(Self.log.starts(with: found.text) || compression != .zstd)
        guard case .damaged(let name, compression, _, .corrupt)? = found.error else {
            Issue.record("found \(String(describing: found.error))")
            return
        }
        #expect(name.hasSuffix("/messages"))
    }

    /// None of them is whole, so none may be taken for it.
    @Test(arguments: read)
    func everyPrefixOfAnArchiveEndsInAnError(compression: Compression) throws {
        let archive = Archive.make(compression, of: Array(Self.log.prefix(2000)))
        for count in stride(from: 6, to: archive.count, by: 7) {
            let found = try contents(Array(archive.prefix(count)))
            #expect(found.error != nil, "\(count) of \(archive.count) bytes")
            #expect(Self.log.starts(with: found.text))
        }
    }

    @Test func zerosBehindAGzipFileArePadding() throws {
        let found = try contents(Archive.make(.gzip, of: [65, 10]) + [UInt8](repeating: 0, count: 600))
        #expect(found.text == [65, 10])
        #expect(found.error == nil)
    }

    @Test func anArchiveThatIsNotReadIsNoLogWithoutReports() throws {
        let found = try contents(Array("BZh91AY&SY".utf8), name: "messages.bz2")
        #expect(found.text.isEmpty)
        #expect(found.error?.description.contains("messages.bz2: bzip2 is not read here; use bzcat ") == true)
    }

    @Test func whatIsNotThereIsSaid() throws {
        #expect(throws: LogFileError.unreadable(name: "/nowhere/messages", errno: ENOENT)) {
            _ = try LogFile(opening: "/nowhere/messages")
        }
        #expect(
            LogFileError.unreadable(name: "/nowhere/messages", errno: ENOENT).description == "/nowhere/messages: no such file")
        let directory = try TemporaryDirectory()
        #expect(try contents(of: directory.path).error?.description.hasSuffix(": is a directory") == true)
    }

    @Test func tellsHowFarItIs() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.log, to: "messages")
        var file = try LogFile(opening: directory.path + "/messages")
        #expect(file.size == Self.log.count)
        _ = try file.readChunk()
        #expect(file.position > 0 && file.position <= Self.log.count)
        while try file.readChunk() != nil {}
        #expect(file.position == Self.log.count)
    }
}

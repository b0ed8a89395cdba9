import Foundation
import Kernel
import Support
import Testing

@testable import Host

@Suite struct GrowingFileTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/syslog"
        try directory.write(Array("old\n".utf8), to: "syslog")
    }

    @Test func itBeginsAtTheEnd() throws {
        var file = try GrowingFile(path: path)
        #expect(try file.lines() == [])
        try append("new\nnewer\n")
        #expect(try file.lines() == ["new", "newer"])
        #expect(try file.lines() == [])
    }

    @Test func aLineComesWhenItIsWhole() throws {
        var file = try GrowingFile(path: path)
        try append("first ha")
        #expect(try file.lines() == [])
        try append("lf\nsec")
        #expect(try file.lines() == ["first half"])
    }

    @Test func whatIsWrittenToTheOldFileAfterItsRenamingIsRead() throws {
        var file = try GrowingFile(path: path)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try append("new file\n")
        #expect(try file.lines() == [])
        try append("late\n", to: path + ".1")
        #expect(try file.lines() == ["late", "new file"])
        try append("later\n")
        #expect(try file.lines() == ["later"])
    }

    @Test func aFileThatIsGoneForAWhileIsStillRead() throws {
        var file = try GrowingFile(path: path)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        try append("late\n", to: path + ".1")
        #expect(try file.lines() == ["late"])
        try append("new file\n")
        #expect(try file.lines() == [])
        #expect(try file.lines() == ["new file"])
    }

    @Test func aFileThatWasEmptiedIsReadFromItsStart() throws {
        try append("a longer line than that which follows\nunfinished")
        var file = try GrowingFile(path: path)
        #expect(try file.lines() == [])
        #expect(truncate(path, 0) == 0)
        try append("after\n")
        #expect(try file.lines() == ["after"])
    }

    @Test func aLineWithoutEndIsPassedOver() throws {
        var file = try GrowingFile(path: path)
        try append(String(repeating: "x", count: 200_000))
        #expect(try file.lines() == [])
        try append("x\nnext\n")
        #expect(try file.lines() == ["next"])
    }

    private func append(_ text: String, to other: String? = nil) throws {
        let file = open(other ?? path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
        defer { close(file) }
        let bytes = Array(text.utf8)
        #expect(write(file, bytes, bytes.count) == bytes.count)
    }
}

extension GrowingFile {
    fileprivate mutating func lines() throws -> [String] {
        var lines: [String] = []
        try readLines { lines.append(String(decoding: $0, as: UTF8.self)) }
        return lines
    }
}
